package dev.mortise.mcp.internal.lines;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Writes messages to a shared byte stream, each as one whole line that is flushed. Thread-safe. */
public final class LineWriter {
    private final OutputStream out;
    private final Runnable onBroken;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean broken;

    /** @param onBroken runs, once, when a write fails: nobody reads any more */
    public LineWriter(OutputStream out, Runnable onBroken) {
        this.out = out;
        this.onBroken = onBroken;
    }

    /**
     * Waits for its turn and writes.
     *
     * @param wanted asked when the turn has come: whether to write at all
     * @throws IOException if that was not wanted any more, or the stream is broken
     */
    public void write(byte[] message, BooleanSupplier wanted) throws IOException {
        byte[] line = framed(message);
        lock.lock();
        try {
            if (broken) {
                throw new IOException("The output is closed");
            }
            if (!wanted.getAsBoolean()) {
                throw new IOException("The sender does not wait any more");
            }
            writeApart(line);
        } catch (BrokenOutput e) {
            broken = true;
            onBroken.run();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A line break outside of a string, which a value with raw JSON inside may bring, is white space: a blank does
     * as well and keeps the framing. Inside a string JSON has none.
     */
    private static byte[] framed(byte[] message) {
        byte[] line = Arrays.copyOf(message, message.length + 1);
        for (int i = 0; i < message.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        line[message.length] = '\n';
        return line;
    }

    /**
     * Writes on a thread that nobody can interrupt. The streams of socket channels close when a thread with a
     * pending interrupt uses them: one cancelled handler would take the connection from all others.
     */
    private void writeApart(byte[] line) throws BrokenOutput {
        var failure = new Exception[1];
        Thread writer = Thread.ofVirtual().name("mortise-stdio-write").start(() -> {
            try {
                out.write(line);
                out.flush();
            } catch (IOException | RuntimeException e) {
                failure[0] = e;
            }
        });
        joinUninterruptibly(writer);
        if (failure[0] != null) {
            throw new BrokenOutput(failure[0]);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class BrokenOutput extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenOutput(Exception cause) {
            super("The output is closed", cause);
        }
    }
}
