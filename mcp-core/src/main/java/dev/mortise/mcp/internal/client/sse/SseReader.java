package dev.mortise.mcp.internal.client.sse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events (HTML Living Standard, section 9.2). One event, with all of its lines, may take so many bytes
 * and no more. For one thread.
 */
public final class SseReader {
    private static final int CHUNK = 8 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** An event took more than it may. */
    public static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int limit) {
            super("An event has more than " + limit + " bytes");
        }
    }

    private final InputStream in;
    private final int maxEventBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;
    private boolean afterCarriageReturn;
    private boolean begun;
    private int eventBytes;
    private @Nullable String lastId;
    private long retryMillis = -1;

    public SseReader(InputStream in, int maxEventBytes) {
        this.in = in;
        this.maxEventBytes = maxEventBytes;
    }

    /** The id of the last event, to go on from there. */
    public Optional<String> lastId() {
        return Optional.ofNullable(lastId);
    }

    /** How long to wait before reconnecting, in milliseconds, if the server said so. */
    public OptionalLong retryMillis() {
        return retryMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryMillis);
    }

    /** Waits for the next event; empty at the end of the stream, where a half event counts for nothing. */
    public Optional<ServerSentEvent> next() throws IOException {
        String type = "message";
        ByteArrayOutputStream data = new ByteArrayOutputStream(0);
        boolean any = false;
        boolean anyData = false;
        eventBytes = 0;
        while (true) {
            byte[] line = line();
            if (line == null) {
                return Optional.empty();
            }
            if (line.length == 0) {
                if (any) {
                    return Optional.of(new ServerSentEvent(type, data.toByteArray()));
                }
                eventBytes = 0;
                continue;
            }
            int colon = indexOf(line, (byte) ':');
            if (colon == 0) {
                // A comment keeps the connection open. However many there are, they are nothing.
                eventBytes -= line.length;
                continue;
            }
            String field = new String(line, 0, colon < 0 ? line.length : colon, StandardCharsets.UTF_8);
            int start = colon < 0 ? line.length : colon + 1;
            if (start < line.length && line[start] == ' ') {
                start++;
            }
            switch (field) {
                case "data" -> {
                    if (anyData) {
                        data.write('\n');
                    }
                    data.write(line, start, line.length - start);
                    anyData = true;
                    any = true;
                }
                case "event" -> {
                    type = text(line, start);
                    any = true;
                }
                case "id" -> {
                    position(text(line, start));
                    any = true;
                }
                case "retry" -> retry(text(line, start));
                default -> {}
            }
        }
    }

    private void position(String id) {
        if (id.indexOf('\0') < 0) {
            lastId = id;
        }
    }

    private void retry(String value) {
        if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            retryMillis = Long.parseLong(value);
        }
    }

    private static String text(byte[] line, int start) {
        return new String(line, start, line.length - start, StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] line, byte wanted) {
        for (int i = 0; i < line.length; i++) {
            if (line[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** The next line without its end, which is LF, CR, or both; {@code null} at the end of the stream. */
    private byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(0);
        while (true) {
            if (from == to && !fill()) {
                return null;
            }
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (chunk[from] == '\n') {
                    from++;
                    continue;
                }
            }
            int end = from;
            while (end < to && chunk[end] != '\n' && chunk[end] != '\r') {
                end++;
            }
            eventBytes += end - from;
            if (eventBytes > maxEventBytes) {
                throw new TooLong(maxEventBytes);
            }
            line.write(chunk, from, end - from);
            from = end;
            if (end < to) {
                afterCarriageReturn = chunk[end] == '\r';
                from++;
                return withoutMark(line.toByteArray());
            }
        }
    }

    private byte[] withoutMark(byte[] line) {
        boolean first = !begun;
        begun = true;
        return first && line.length >= 3 && Arrays.equals(line, 0, 3, BYTE_ORDER_MARK, 0, 3)
                ? Arrays.copyOfRange(line, 3, line.length)
                : line;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(chunk));
        return to > 0;
    }
}
