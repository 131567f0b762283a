package dev.mortise.mcp.internal.client.process;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.Link;
import dev.mortise.mcp.internal.lines.LineReader;
import dev.mortise.mcp.internal.lines.LineWriter;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server in a process of its own, one message a line (specification, transports: stdio). */
public final class ProcessLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLink.class);

    /** Some servers greet on standard output. A few lines are worth a warning; no flood of them is worth a log. */
    private static final int WARNINGS = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Inbox inbox;
    private final ServerCommand command;
    private final ServerProcess process;
    private final LineWriter writer;
    private final int maxMessageBytes;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final AtomicInteger junk = new AtomicInteger();

    /** Of the reading thread. */
    private long lastLook;

    /** @throws TransportException if the program cannot be started */
    public ProcessLink(ServerCommand command, int maxMessageBytes, Inbox inbox) {
        this.command = command;
        this.inbox = inbox;
        this.maxMessageBytes = maxMessageBytes;
        this.process = ServerProcess.start(command);
        this.writer = new LineWriter(process.input(), () -> LOG.debug("{} does not read any more", command.label()));
        Thread reader =
                Thread.ofPlatform().daemon().name("mortise-client-stdio").start(this::read);
        process.onExit(() -> exited(reader));
    }

    /** What the program wrote last is still read; but a launcher that died leaves the output open to its children. */
    private void exited(Thread reader) {
        try {
            if (reader.join(PATIENCE)) {
                return;
            }
        } catch (InterruptedException e) {
            LOG.debug("Nobody interrupts this", e);
        }
        end(null);
    }

    private void read() {
        var reader = new LineReader(process.output(), maxMessageBytes);
        try {
            boolean more = true;
            while (more) {
                switch (reader.next()) {
                    case LineReader.Line.Text text -> received(text.bytes());
                    case LineReader.Line.TooLong tooLong -> {
                        end(new ProtocolViolationException("The server " + command.label()
                                + " sent a message of more than " + maxMessageBytes + " bytes"));
                        more = false;
                    }
                    case LineReader.Line.End end -> more = false;
                }
            }
        } catch (IOException e) {
            LOG.debug("The output of a server is closed", e);
        }
        end(null);
    }

    private void received(byte[] line) {
        byte first = line[0];
        if (first == '{' || first == '[' || first == ' ' || first == '\t') {
            lookAround();
            inbox.received(line, null);
        } else if (junk.incrementAndGet() <= WARNINGS) {
            LOG.warn(
                    "{} writes to standard output what is no message, where only the protocol may be", command.label());
        }
    }

    /** Who speaks is there to be seen: with its first word, and now and then, since more may come. */
    private void lookAround() {
        long now = System.nanoTime();
        if (lastLook == 0 || now - lastLook > LOOK.toNanos()) {
            lastLook = now == 0 ? 1 : now;
            process.lookAround();
        }
    }

    private void end(@Nullable McpException why) {
        if (open.compareAndSet(true, false)) {
            inbox.lost(
                    why != null
                            ? why
                            : new TransportException("The server " + command.label() + " " + process.ending(), null));
            process.stop();
        }
    }

    @Override
    public void send(Message.Request request, Map<String, String> headers) {
        write(request);
    }

    @Override
    public void send(Message.Notification notification) {
        write(notification);
    }

    @Override
    public void send(Message.Response response) {
        write(response);
    }

    /**
     * Waits for the write, so that messages keep their order, but not for ever: a server that does not read must not
     * hold up a caller who has a deadline.
     */
    private void write(Message message) {
        var failure = new AtomicReference<@Nullable IOException>();
        Thread writing = Thread.ofVirtual().name("mortise-client-write").start(() -> {
            try {
                writer.write(MessageCodec.encode(message), () -> true);
            } catch (IOException e) {
                failure.set(e);
            }
        });
        try {
            writing.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new TransportException("The server " + command.label() + " does not read any more", failure.get());
        }
    }

    @Override
    public void cancel(RequestId request) {
        // Apart: a server that does not read must not keep the one who gives up on it.
        Thread.ofVirtual().name("mortise-client-cancel").start(() -> {
            try {
                send(Message.Notification.of("notifications/cancelled", CancelledNotificationParams.of(request)));
            } catch (TransportException e) {
                LOG.debug("A cancellation did not reach the server", e);
            }
        });
    }

    @Override
    public boolean isOpen() {
        return open.get() && process.isAlive();
    }

    @Override
    public void close() {
        open.set(false);
        process.stop();
    }
}
