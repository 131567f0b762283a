package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Who has the port that is set, if it is a server of this kind: it says at /health/ready how it is.
 *
 * @param status as it says it, such as up
 */
record RunningServer(boolean ready, String status) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    /** Empty if nobody answers there, or somebody else does. */
    static Optional<RunningServer> find(Settings settings) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(ready(settings)).timeout(PATIENCE).build();
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode status = Json.read(answer.body()).path("status");
            boolean known = answer.statusCode() == OK || answer.statusCode() == UNAVAILABLE;
            return known && status.isString()
                    ? Optional.of(new RunningServer(answer.statusCode() == OK, status.stringValue()))
                    : Optional.empty();
        } catch (IOException | Json.InvalidJson e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static URI ready(Settings settings) throws IOException {
        InetAddress bound = InetAddress.getByName(settings.get(Setting.MORTISE_BIND));
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : bound.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + settings.number(Setting.PORT) + "/health/ready");
    }

    /**
     * What it means for who wanted the port.
     *
     * @throws IOException if it is not as it should be, in words for whoever set the port
     */
    String judge(Settings settings) throws IOException {
        String port = "PORT is " + settings.get(Setting.PORT) + ", which is in use by ";
        if (!settings.isReplicated() && !Library.isOpen(settings.data())) {
            throw new IOException(port + "another server of this kind, on other data than " + settings.data());
        }
        if (!ready) {
            throw new IOException(port + "this server, which is not ready (" + status + ")");
        }
        // Which database a replica is on, it tells nobody.
        return settings.isReplicated()
                ? "in use by a server of this kind, which is ready"
                : "in use by this server, which is ready";
    }
}
