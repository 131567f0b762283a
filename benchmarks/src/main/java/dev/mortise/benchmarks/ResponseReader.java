package dev.mortise.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the responses of one connection apart while their bytes come in: as much of HTTP/1.1 as servers use. Not
 * thread-safe.
 */
public final class ResponseReader {
    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        DONE
    }

    private State state = State.HEAD;
    private byte[] line = new byte[256];
    private int lineLength;
    private byte[] body = new byte[512];
    private int bodyLength;
    private int status;
    private boolean chunked;
    private int left;

    /** Reads on; true once a response is complete, and then the next call begins another. */
    public boolean read(ByteBuffer in) throws IOException {
        if (state == State.DONE) {
            begin();
        }
        while (in.hasRemaining() && state != State.DONE) {
            if (state == State.BODY || state == State.CHUNK) {
                take(in);
            } else if (endsLine(in.get())) {
                line();
            }
        }
        return state == State.DONE;
    }

    public int status() {
        return status;
    }

    /** Of the body so far. */
    boolean bodyIs(byte[] expected) {
        return Arrays.equals(body, 0, bodyLength, expected, 0, expected.length);
    }

    /** The body so far. */
    public String body() {
        return new String(body, 0, bodyLength, StandardCharsets.UTF_8);
    }

    private void begin() {
        state = State.HEAD;
        bodyLength = 0;
        status = 0;
        left = 0;
        chunked = false;
    }

    private void take(ByteBuffer in) {
        int count = Math.min(left, in.remaining());
        if (bodyLength + count > body.length) {
            body = Arrays.copyOf(body, Math.max(bodyLength + count, 2 * body.length));
        }
        in.get(body, bodyLength, count);
        bodyLength += count;
        left -= count;
        if (left == 0) {
            state = chunked ? State.CHUNK_END : State.DONE;
        }
    }

    private boolean endsLine(byte next) {
        if (next == '\n') {
            return true;
        }
        if (next != '\r') {
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = next;
        }
        return false;
    }

    private void line() throws IOException {
        int length = lineLength;
        lineLength = 0;
        switch (state) {
            case HEAD -> headLine(length);
            case CHUNK_SIZE -> {
                left = number(0, length, 16);
                // No trailers: they would follow the last chunk.
                state = left == 0 ? State.CHUNK_END : State.CHUNK;
                chunked = left != 0;
            }
            case CHUNK_END -> state = chunked ? State.CHUNK_SIZE : State.DONE;
            case BODY, CHUNK, DONE -> throw new IllegalStateException("No line is expected here");
        }
    }

    private void headLine(int length) throws IOException {
        if (status == 0) {
            status = number("HTTP/1.1 ".length(), "HTTP/1.1 200".length(), 10);
        } else if (length == 0) {
            state = chunked ? State.CHUNK_SIZE : left == 0 ? State.DONE : State.BODY;
        } else if (starts("content-length:", length)) {
            left = number("content-length:".length(), length, 10);
        } else if (starts("transfer-encoding: chunked", length)) {
            chunked = true;
        }
    }

    private boolean starts(String prefix, int length) {
        if (length < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (Character.toLowerCase((char) line[i]) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to, int radix) throws IOException {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (line[i] != ' ') {
                int digit = Character.digit(line[i], radix);
                if (digit < 0) {
                    throw new IOException("Not a number: " + new String(line, 0, to, StandardCharsets.US_ASCII));
                }
                number = number * radix + digit;
            }
        }
        return number;
    }
}
