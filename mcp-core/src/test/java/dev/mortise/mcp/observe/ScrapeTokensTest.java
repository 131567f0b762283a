package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the metrics. */
class ScrapeTokensTest {
    private static final String TOKEN = "0123456789abcdef";

    private final AtomicInteger scrapes = new AtomicInteger();

    private String metrics() {
        scrapes.incrementAndGet();
        return "up 1\n";
    }

    private static HttpRoute.Response get(HttpRoute route, String address, String... authorization) {
        return route.handler().handle(new HttpRoute.Request(new Head(address, List.of(authorization)), new byte[0]));
    }

    private void refused(HttpRoute.Response response) {
        assertThat(response.status()).as("no hint that there is something").isEqualTo(404);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("Not found");
        assertThat(scrapes).as("nothing is read for a stranger").hasValue(0);
    }

    @Test
    void theTokenOpensWhereverOneComesFrom() {
        HttpRoute route = Scrape.withToken("/metrics", this::metrics, TOKEN);
        HttpRoute.Response response = get(route, "192.0.2.7", "Bearer " + TOKEN);

        assertThat(route.anyHost())
                .as("Prometheus finds its targets by address")
                .isTrue();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("up 1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer 0123456789abcde",
                "Bearer 0123456789abcdef0",
                "Bearer 0123456789ABCDEF",
                "Bearer  0123456789abcdef",
                "Basic 0123456789abcdef",
                "0123456789abcdef"
            })
    void anythingElseFindsNothing(String authorization) {
        HttpRoute route = Scrape.withToken("/metrics", this::metrics, TOKEN);
        refused(get(route, "127.0.0.1", authorization));
    }

    @Test
    void withoutAFieldThereIsNothingEither() {
        refused(get(Scrape.withToken("/metrics", this::metrics, TOKEN), "127.0.0.1"));
    }

    @Test
    void aTokenThatCanBeGuessedIsRefusedAtOnce() {
        assertThatThrownBy(() -> Scrape.withToken("/metrics", this::metrics, "short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 16")
                .hasMessageNotContaining("short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"})
    void thisMachineMayRead(String address) {
        HttpRoute route = Scrape.fromThisMachine("/metrics", this::metrics);
        assertThat(get(route, address).status()).isEqualTo(200);
        assertThat(route.anyHost())
                .as("a page in a browser could ask under its own name")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "10.0.0.1", "2001:db8::1", "0.0.0.0", "localhost", "", "127.0.0.1.example"})
    void othersMayNot(String address) {
        refused(get(Scrape.fromThisMachine("/metrics", this::metrics), address));
    }

    @Test
    void everybodyMayWhereTheNetworkDecides() {
        HttpRoute route = Scrape.fromAnywhere("/metrics", this::metrics);
        assertThat(get(route, "192.0.2.7").status()).isEqualTo(200);
        assertThat(route.anyHost()).isTrue();
    }

    private record Head(String remoteAddress, List<String> authorization) implements HttpHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public URI uri() {
            return URI.create("http://127.0.0.1/metrics");
        }

        @Override
        public List<String> headers(String name) {
            return name.equalsIgnoreCase("authorization") ? authorization : List.of();
        }
    }
}
