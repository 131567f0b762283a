package dev.mortise.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** The body of a response, for as long as the container leaves it to us. */
final class ResponseBody extends OutputStream {
    private final HttpServletResponse response;
    private final Lease lease;

    ResponseBody(HttpServletResponse response, Lease lease) {
        this.response = response;
        this.lease = lease;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lease.enter();
        try {
            response.getOutputStream().write(bytes, offset, length);
        } finally {
            lease.leave();
        }
    }

    @Override
    public void flush() throws IOException {
        lease.enter();
        try {
            response.getOutputStream().flush();
        } finally {
            lease.leave();
        }
    }
}
