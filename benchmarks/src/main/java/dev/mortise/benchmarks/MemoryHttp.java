package dev.mortise.benchmarks;

import dev.mortise.mcp.http.HttpRequest;
import dev.mortise.mcp.http.HttpResponse;
import dev.mortise.mcp.transport.HttpHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A container of one request, which costs nearly nothing. */
public final class MemoryHttp implements HttpRequest, HttpResponse, HttpHead {
    private static final List<String> HOST = List.of("127.0.0.1:8080");
    private static final List<String> JSON = List.of("application/json");
    private static final List<String> ACCEPT = List.of("application/json, text/event-stream");
    private static final List<String> VERSION = List.of("2026-07-28");
    private static final List<String> CALL = List.of("tools/call");
    private static final URI ENDPOINT = URI.create("http://127.0.0.1:8080/mcp");

    private final List<String> name;
    private final List<String> authorization;
    private final byte[] message;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(512);

    public MemoryHttp(String tool, byte[] message) {
        this(List.of(tool), List.of(), message);
    }

    /** With these lines of {@code Mcp-Name} and {@code Authorization}. */
    MemoryHttp(List<String> name, List<String> authorization, byte[] message) {
        this.name = name;
        this.authorization = authorization;
        this.message = message;
    }

    public byte[] written() {
        return written.toByteArray();
    }

    @Override
    public HttpHead head() {
        return this;
    }

    @Override
    public List<String> headers(String field) {
        return switch (field.toLowerCase(Locale.ROOT)) {
            case "host" -> HOST;
            case "content-type" -> JSON;
            case "accept" -> ACCEPT;
            case "mcp-protocol-version" -> VERSION;
            case "mcp-method" -> CALL;
            case "mcp-name" -> name;
            case "authorization" -> authorization;
            default -> List.of();
        };
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public URI uri() {
        return ENDPOINT;
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public long contentLength() {
        return message.length;
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(message);
    }

    @Override
    public void onDisconnect(Runnable action) {}

    @Override
    public void head(int status, Map<String, String> fields) {
        if (status != 200) {
            throw new IllegalStateException("The call was answered with " + status);
        }
    }

    @Override
    public OutputStream output() {
        return written;
    }

    @Override
    public void closeConnection() {
        throw new IllegalStateException("The call was refused");
    }
}
