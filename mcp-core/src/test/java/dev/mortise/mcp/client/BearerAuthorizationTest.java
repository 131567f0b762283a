package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.mortise.mcp.client.HttpAuthorization.Request;
import dev.mortise.mcp.client.HttpAuthorization.Verdict;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BearerAuthorizationTest {
    private static final Request POST = new Request("POST", URI.create("https://MCP.example:443/mcp"));

    private final AtomicReference<String> token = new AtomicReference<>("first");
    private final HttpAuthorization authorization = HttpAuthorization.bearer(token::get);

    @Test
    void theTokenGoesToOneOriginAlone() throws IOException {
        assertThat(authorization.fields(POST)).isEqualTo(Map.of("Authorization", "Bearer first"));
        assertThat(authorization.fields(new Request("GET", URI.create("https://mcp.example/other"))))
                .isNotEmpty();
        for (String elsewhere :
                List.of("https://evil.example/mcp", "http://mcp.example/mcp", "https://mcp.example:8443/")) {
            assertThat(authorization.fields(new Request("POST", URI.create(elsewhere))))
                    .isEmpty();
        }
    }

    @Test
    void anotherTokenIsTriedAndTheSameIsNot() throws IOException {
        Map<String, String> sent = authorization.fields(POST);
        assertThat(authorization.answered(POST, sent, 401, name -> List.of())).isEqualTo(Verdict.ACCEPT);
        token.set("second");
        assertThat(authorization.answered(POST, sent, 403, name -> List.of())).isEqualTo(Verdict.ACCEPT);
        assertThat(authorization.answered(POST, sent, 401, name -> List.of())).isEqualTo(Verdict.SEND_AGAIN);
    }

    @Test
    void whatCannotBeSentIsNotShown() {
        for (String bad : List.of("", "two words", "line\nbreak", "ä")) {
            token.set(bad);
            assertThatIOException()
                    .isThrownBy(() -> authorization.fields(POST))
                    .satisfies(e -> assertThat(bad.isEmpty() || !e.getMessage().contains(bad))
                            .isTrue());
        }
        token.set("hunter2");
        assertThat(authorization.toString()).doesNotContain("hunter2");
    }
}
