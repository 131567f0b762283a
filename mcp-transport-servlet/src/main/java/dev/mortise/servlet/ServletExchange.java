package dev.mortise.servlet;

import dev.mortise.mcp.http.HttpRequest;
import dev.mortise.mcp.http.HttpResponse;
import dev.mortise.mcp.transport.HttpHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet request and its response as the binding sees them. Once the request is over, or the container has given
 * it up, nothing here touches the container's objects any more, since they may serve another request by then.
 */
final class ServletExchange implements HttpRequest, HttpResponse {
    private static final Logger LOG = LoggerFactory.getLogger(McpServlet.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();
    private static final int EVENT_BUFFER_BYTES = 4096;
    private static final long PATIENCE_MILLIS = 1000;

    /** What serves a request, blocking. */
    @FunctionalInterface
    interface Serving {
        void serve(HttpRequest request, HttpResponse response);
    }

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final HttpHead head;
    private final long contentLength;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Held while something is written; {@link #over} is set without waiting for it. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile boolean over;
    private volatile boolean disconnected;
    private volatile @Nullable Runnable onDisconnect;
    private @Nullable AsyncContext async;

    private ServletExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
        this.head = new ServletHead(request);
        this.contentLength = request.getContentLengthLong();
    }

    /** Serves on a virtual thread: on this one, or on a new one while the container's returns. */
    static void run(HttpServletRequest request, HttpServletResponse response, Serving serving) {
        ServletExchange exchange = new ServletExchange(request, response);
        if (Thread.currentThread().isVirtual()) {
            exchange.serve(serving);
        } else if (request.isAsyncSupported()) {
            exchange.startAsync();
            Thread.ofVirtual().name("mortise-http").start(() -> exchange.serve(serving));
        } else {
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn("MCP requests occupy threads of the container, because a filter or the servlet's"
                        + " registration does not support asynchronous requests: call setAsyncSupported(true)");
            }
            exchange.serve(serving);
        }
    }

    private void startAsync() {
        AsyncContext context = request.startAsync();
        async = context;
        context.setTimeout(0);
        context.addListener(new Disconnect(this));
    }

    private void serve(Serving serving) {
        try {
            serving.serve(this, this);
        } catch (RuntimeException e) {
            LOG.error("A request failed", e);
        } finally {
            end();
        }
    }

    /** The container says that the client is gone, and is about to take its objects back. */
    void disconnected() {
        over = true;
        disconnected = true;
        Runnable action = onDisconnect;
        if (action != null) {
            action.run();
        }
        end();
    }

    /** Gives the container's objects back, once, when the last write has come out. */
    private void end() {
        over = true;
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean quiet = awaitLastWrite();
        if (!quiet) {
            LOG.warn("A write to a client that is gone did not come back within {} ms", PATIENCE_MILLIS);
        }
        AsyncContext context = async;
        if (context != null) {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.debug("The container had completed the request itself", e);
            }
        }
    }

    /** Bounded, so that a container which first calls its listeners and then fails the write is not held up. */
    private boolean awaitLastWrite() {
        try {
            if (!writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
            writing.unlock();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !writing.isLocked();
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
    public InputStream body() throws IOException {
        return request.getInputStream();
    }

    @Override
    public void onDisconnect(Runnable action) {
        onDisconnect = action;
        if (disconnected) {
            action.run();
        }
    }

    @Override
    public void status(int status) {
        change(() -> response.setStatus(status));
    }

    @Override
    public void header(String name, String value) {
        change(() -> response.setHeader(name, value));
    }

    @Override
    public void expectEvents() {
        change(() -> response.setBufferSize(EVENT_BUFFER_BYTES));
    }

    /** Later versions of HTTP have no such field: there a stream ends without its connection. */
    @Override
    public void closeConnection() {
        change(() -> {
            if (request.getProtocol().startsWith("HTTP/1")) {
                response.setHeader("Connection", "close");
            }
        });
    }

    private void change(Runnable change) {
        writing.lock();
        try {
            if (!over) {
                change.run();
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public OutputStream output() {
        return new Output();
    }

    /** The container's stream, for as long as there is one. */
    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing.lock();
            try {
                stream().write(bytes, offset, length);
            } finally {
                writing.unlock();
            }
        }

        @Override
        public void flush() throws IOException {
            writing.lock();
            try {
                stream().flush();
            } finally {
                writing.unlock();
            }
        }

        private OutputStream stream() throws IOException {
            if (over) {
                throw new IOException("The request is over");
            }
            return response.getOutputStream();
        }
    }
}
