package dev.mortise.mcp.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP server that answers as a test tells it to, and keeps what it was sent. */
final class ScriptedServer implements AutoCloseable {
    /** What one request was. */
    record Request(HttpExchange http, String verb, JsonNode body) {
        String method() {
            return body.path("method").asString("");
        }

        JsonNode params() {
            return body.path("params");
        }

        String header(String name) {
            String value = http.getRequestHeaders().getFirst(name);
            return value == null ? "" : value;
        }

        /** Answers with JSON; single quotes stand for double ones, and {@code ID} for the id of the request. */
        void json(int status, String text) throws IOException {
            String json = text.replace('\'', '"').replace("ID", body.path("id").toString());
            bytes(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
        }

        void result(String result) throws IOException {
            json(200, "{'jsonrpc':'2.0','id':ID,'result':" + result + "}");
        }

        void error(int status, int code, String message) throws IOException {
            json(status, "{'jsonrpc':'2.0','id':ID,'error':{'code':" + code + ",'message':'" + message + "'}}");
        }

        void status(int status) throws IOException {
            http.sendResponseHeaders(status, -1);
            http.close();
        }

        void bytes(int status, String type, byte[] bytes) throws IOException {
            http.getResponseHeaders().set("Content-Type", type);
            http.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = http.getResponseBody()) {
                out.write(bytes);
            }
            http.close();
        }

        /** Begins an event stream. */
        Events events() throws IOException {
            http.getResponseHeaders().set("Content-Type", "text/event-stream");
            http.sendResponseHeaders(200, 0);
            return new Events(this, http.getResponseBody());
        }
    }

    record Events(Request request, OutputStream out) implements AutoCloseable {
        Events raw(String text) throws IOException {
            out.write(text.replace("ID", request.body().path("id").toString()).getBytes(StandardCharsets.UTF_8));
            out.flush();
            return this;
        }

        Events message(String json) throws IOException {
            return raw("data: " + json.replace('\'', '"') + "\n\n");
        }

        @Override
        public void close() throws IOException {
            out.close();
            request.http().close();
        }
    }

    interface Script {
        void answer(Request request) throws Exception;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private ScriptedServer(HttpServer server) {
        this.server = server;
    }

    static ScriptedServer start(Script script) throws IOException {
        return start(0, script);
    }

    static ScriptedServer start(int port, Script script) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var scripted = new ScriptedServer(http);
        http.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode json = body.length == 0 ? Json.object() : Json.parse(new String(body, StandardCharsets.UTF_8));
            var request = new Request(exchange, exchange.getRequestMethod(), json);
            scripted.requests.add(request);
            try {
                script.answer(request);
            } catch (IOException e) {
                // The client went away, as some tests want it to.
                exchange.close();
            } catch (Exception e) {
                exchange.close();
                throw new IOException(e);
            }
        });
        http.setExecutor(scripted.threads);
        http.start();
        return scripted;
    }

    /** A modern server whose discovery works; everything else is up to the script. */
    static ScriptedServer modern(Script script) throws IOException {
        return start(request -> {
            if (request.method().equals("server/discover")) {
                request.result(DISCOVERED);
            } else {
                script.answer(request);
            }
        });
    }

    static final String DISCOVERED = "{'resultType':'complete','supportedVersions':['2026-07-28'],"
            + "'capabilities':{'tools':{},'resources':{},'prompts':{}},'ttlMs':0,'cacheScope':'private'}";

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests of one method. */
    List<Request> requests(String method) {
        return requests.stream().filter(r -> r.method().equals(method)).toList();
    }

    static ObjectNode json(String singleQuoted) {
        return (ObjectNode) Json.parse(singleQuoted.replace('\'', '"'));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
