package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.ProtocolViolationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/** The head of an HTTP response, and its body as it comes. */
record HttpAnswer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    boolean isGood() {
        return status >= 200 && status < 300;
    }

    boolean isEventStream() {
        return mediaType().equals("text/event-stream");
    }

    boolean isJson() {
        return mediaType().equals("application/json");
    }

    String mediaType() {
        String type = header("content-type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** @throws ProtocolViolationException if it is longer than this */
    byte[] read(int atMost) throws IOException {
        byte[] bytes = body.readNBytes(atMost + 1);
        if (bytes.length > atMost) {
            throw new ProtocolViolationException("The server sent a body of more than " + atMost + " bytes");
        }
        return bytes;
    }

    /** The beginning of the body, for an error's text. */
    byte[] beginning(int atMost) throws IOException {
        return body.readNBytes(atMost);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // It is of no use any more either way.
            return;
        }
    }
}
