package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainPathsTest {
    @TempDir
    Path home;

    /** As bytes, since no HTTP client sends all of these as they stand here. */
    @Test
    void whatAProxyMayTakeForAnotherPathIsRefused() throws Exception {
        try (Service service = Service.start(home, Map.of())) {
            for (String path : List.of("/console", "/metrics", "/health/live", "/console?a;b=%2f//..", "/account")) {
                assertThat(status(service.url(), path)).as(path).isEqualTo(200);
            }
            for (String path : List.of(
                    "/console;x",
                    "/admin;x/keys",
                    "/metrics;x",
                    "/metrics;",
                    "/;x/console",
                    "//console",
                    "/%63onsole",
                    "/health%2f..%2fconsole",
                    "/health/%2e%2e/console",
                    "/health/../console",
                    "/./console",
                    "/console/..;/admin",
                    "/a/..;/../console",
                    "/health\\..\\console",
                    "http://localhost/console;x")) {
                assertThat(status(service.url(), path)).as(path).isEqualTo(400);
            }
        }
    }

    private static int status(URI server, String target) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).as(target).startsWith("HTTP/1.1 ");
            return Integer.parseInt(answer.substring(9, 12));
        }
    }
}
