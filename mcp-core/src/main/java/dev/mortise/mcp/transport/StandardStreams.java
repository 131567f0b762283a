package dev.mortise.mcp.transport;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The standard streams of this process, taken away from everybody else until they are given back: what is printed
 * meanwhile goes to standard error, and reading {@code System.in} finds its end.
 */
final class StandardStreams implements AutoCloseable {
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final InputStream in;
    private final PrintStream printed;
    private final OutputStream out;

    private StandardStreams(InputStream in, PrintStream printed) {
        this.in = in;
        this.printed = printed;
        // Not the PrintStream: it hides that nobody reads any more, and it may have been replaced by a logger.
        this.out = new FileOutputStream(FileDescriptor.out);
    }

    static StandardStreams take() {
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IllegalStateException("The standard streams of this process serve another transport already");
        }
        var streams = new StandardStreams(System.in, System.out);
        System.out.flush();
        System.setIn(InputStream.nullInputStream());
        System.setOut(System.err);
        return streams;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() {
        System.setIn(in);
        System.setOut(printed);
        TAKEN.set(false);
    }
}
