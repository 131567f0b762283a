package dev.mortise.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request, for as long as the container leaves it to us. Where reading fails, Tomcat answers by itself,
 * and would show the failure with its stack trace if it were not taken away.
 */
final class RequestBody extends InputStream {
    private final HttpServletRequest request;
    private final Lease lease;

    RequestBody(HttpServletRequest request, Lease lease) {
        this.request = request;
        this.lease = lease;
    }

    @Override
    public int read() throws IOException {
        return use(InputStream::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return use(in -> in.read(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
        return use(InputStream::available);
    }

    /** What is asked of the container's stream. */
    @FunctionalInterface
    private interface Use {
        int of(InputStream in) throws IOException;
    }

    private int use(Use use) throws IOException {
        lease.enter();
        boolean fine = false;
        try {
            int n = use.of(request.getInputStream());
            fine = true;
            return n;
        } finally {
            if (!fine) {
                request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
            }
            lease.leave();
        }
    }
}
