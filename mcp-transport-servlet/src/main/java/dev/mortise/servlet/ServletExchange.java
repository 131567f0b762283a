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
import java.util.Map;
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

    /** What serves a request, blocking. */
    @FunctionalInterface
    interface Serving {
        void serve(HttpRequest request, HttpResponse response);
    }

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final HttpHead head;
    private final long contentLength;
    private final ReentrantLock ending = new ReentrantLock();
    private boolean ended;

    private final Lease reading = new Lease();
    private final Lease writing = new Lease();
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

    /** The container says that the client is gone, and takes its objects back when this returns. */
    void disconnected() {
        disconnected = true;
        reading.end();
        writing.end();
        Runnable action = onDisconnect;
        if (action != null) {
            action.run();
        }
        end();
    }

    /**
     * Gives the container's objects back, once. Who comes second waits for the first: a listener that returned while
     * another thread was still inside {@code complete} would let the container recycle its objects under that thread,
     * which then completed whatever request used them next, without an answer.
     */
    private void end() {
        ending.lock();
        try {
            if (!ended) {
                ended = true;
                giveBack();
            }
        } finally {
            ending.unlock();
        }
    }

    private void giveBack() {
        reading.awaitVacated();
        writing.awaitVacated();
        AsyncContext context = async;
        if (context != null) {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.debug("The container had completed the request itself", e);
            }
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
    public InputStream body() {
        return new RequestBody(request, reading);
    }

    @Override
    public void onDisconnect(Runnable action) {
        onDisconnect = action;
        if (disconnected) {
            action.run();
        }
    }

    @Override
    public void head(int status, Map<String, String> fields) {
        change(() -> {
            response.setStatus(status);
            fields.forEach(this::set);
        });
    }

    /** Containers know two of the fields better by methods of their own than by their names. */
    private void set(String name, String value) {
        switch (name) {
            case "Content-Type" -> response.setContentType(value);
            case "Content-Length" -> response.setContentLengthLong(Long.parseLong(value));
            default -> response.setHeader(name, value);
        }
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

    @Override
    public OutputStream output() {
        return new ResponseBody(response, writing);
    }

    private void change(Runnable change) {
        try {
            writing.enter();
        } catch (IOException e) {
            // The write that follows is going to say so.
            return;
        }
        try {
            change.run();
        } finally {
            writing.leave();
        }
    }
}
