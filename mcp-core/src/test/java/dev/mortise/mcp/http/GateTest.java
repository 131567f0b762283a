package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private final HttpOptions options = HttpOptions.builder()
            .allowHost("MCP.example.com")
            .allowOrigin("https://app.example.com:443")
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:1",
                "127.0.0.1:8080",
                "[::1]",
                "[::1]:65535",
                "mcp.example.com",
                "mcp.EXAMPLE.com:8443",
                "localhost:"
            })
    void admitsHosts(String host) {
        assertThat(admits(new TestHead("POST").with("Host", host))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "localhost.evil.com",
                "mcp.example.com.evil.com",
                "evil.com:localhost",
                "localhost:99999",
                "localhost:8a",
                "user@localhost",
                "localhost/",
                "[::1",
                "[::1]x",
                "::1",
                "",
                " localhost",
                "localhost,evil.com",
                "0.0.0.0",
                "127.0.0.2"
            })
    void refusesHosts(String host) {
        assertThat(admits(new TestHead("POST").with("Host", host))).isFalse();
    }

    @Test
    void refusesTwoHosts() {
        assertThat(admits(new TestHead("POST").with("Host", "localhost").with("Host", "localhost")))
                .isFalse();
    }

    @Test
    void looksAtTheUriWhereThereIsNoHostField() {
        assertThat(admits(new TestHead("POST"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:6274",
                "https://localhost",
                "http://127.0.0.1:3000",
                "http://[::1]:3000",
                "https://mcp.example.com",
                "http://mcp.example.com:99",
                "https://app.example.com",
                "https://APP.example.com:443"
            })
    void admitsOrigins(String origin) {
        assertThat(admitsOrigin(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://evil.example.com",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com/",
                "https://app.example.com.evil.com",
                "http://localhost http://evil.com",
                "chrome-extension://localhost",
                "file://",
                "localhost"
            })
    void refusesOrigins(String origin) {
        assertThat(admitsOrigin(origin)).isFalse();
    }

    @Test
    void refusesTwoOrigins() {
        TestHead head = new TestHead("POST")
                .with("Host", "localhost")
                .with("Origin", "http://localhost")
                .with("Origin", "http://localhost");

        assertThat(admits(head)).isFalse();
    }

    @Test
    void anyHostDoesNotMeanAnyOrigin() {
        Gate gate = new Gate(HttpOptions.builder().allowAnyHost().build());

        assertThat(gate.objection(new TestHead("POST").with("Host", "whoever.example")))
                .isEmpty();
        assertThat(gate.objection(
                        new TestHead("POST").with("Host", "whoever.example").with("Origin", "http://whoever.example")))
                .isPresent();
    }

    @Test
    void allowsTheHostOfThePublicUri() {
        Gate gate = new Gate(HttpOptions.builder()
                .publicUri(URI.create("https://mcp.example.org/mcp"))
                .build());

        assertThat(gate.objection(new TestHead("POST").with("Host", "mcp.example.org")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example.com", "mcp.example.com:80", "mcp.example.com/x", "*", ""})
    void refusesWhatIsNoHostAsAnOption(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpOptions.builder().allowHost(host))
                .withMessageContaining("without scheme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example.com", "https://app.example.com/", "*", "null"})
    void refusesWhatIsNoOriginAsAnOption(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpOptions.builder().allowOrigin(origin));
    }

    private boolean admitsOrigin(String origin) {
        return admits(new TestHead("POST").with("Host", "localhost").with("Origin", origin));
    }

    private boolean admits(TestHead head) {
        return new Gate(options).objection(head).isEmpty();
    }
}
