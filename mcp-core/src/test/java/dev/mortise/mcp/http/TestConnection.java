package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Both sides of one request in memory: what a container would hand over, and what it would send. */
final class TestConnection implements HttpRequest, HttpResponse {
    private final HttpHead head;
    private final InputStream body;
    private final long contentLength;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final BlockingQueue<String> flushed = new LinkedBlockingQueue<>();
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private @Nullable Runnable onDisconnect;
    volatile boolean reset;
    volatile int status;
    boolean connectionClosed;

    TestConnection(HttpHead head, String body) {
        this(head, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), body.length());
    }

    TestConnection(HttpHead head, InputStream body, long contentLength) {
        this.head = head;
        this.body = body;
        this.contentLength = contentLength;
    }

    /** All that was written and not yet taken by {@link #nextFlush}. */
    String sent() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    /** What the next flush sends. */
    String nextFlush() throws InterruptedException {
        String next = flushed.poll(5, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was flushed");
        }
        return next;
    }

    boolean nothingFlushed() {
        return flushed.isEmpty();
    }

    void disconnect() {
        if (onDisconnect != null) {
            onDisconnect.run();
        }
    }

    @Override
    public HttpHead head() {
        return head;
    }

    @Override
    public long contentLength() {
        return contentLength;
    }

    @Override
    public void onDisconnect(Runnable action) {
        onDisconnect = action;
    }

    @Override
    public void head(int status, Map<String, String> fields) {
        this.status = status;
        headers.putAll(fields);
    }

    @Override
    public void closeConnection() {
        connectionClosed = true;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                failIfReset();
                sent.write(bytes, offset, length);
            }

            @Override
            public void flush() throws IOException {
                failIfReset();
                flushed.add(sent.toString(StandardCharsets.UTF_8));
                sent.reset();
            }

            private void failIfReset() throws IOException {
                if (reset) {
                    throw new IOException("Connection reset");
                }
            }
        };
    }
}
