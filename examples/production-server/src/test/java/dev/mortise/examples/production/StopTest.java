package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How it ends when it is told to. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopTest {
    @TempDir
    Path home;

    /** As proxies and monitors do, for their next request, which may be a minute away. */
    @Test
    void aConnectionThatIsKeptOpenDoesNotKeepItFromEndingItsRecords() throws Exception {
        try (Service service = Service.start(home, Map.of());
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest live = HttpRequest.newBuilder(service.url().resolve("/health/live"))
                    .build();
            assertThat(http.send(live, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            service.stop();
        }
        assertThat(Files.readString(home.resolve("stderr-serve"))).doesNotContain("Exception", "does not stop");
        assertThat(Files.readString(home.resolve("data/checkpoints.jsonl")))
                .as("the end of its audit log, signed")
                .contains("\"END\"");
    }
}
