package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The listener that the browser comes back to. */
class LoopbackRedirectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void theFirstRightAnswerIsTakenAndNoOther() throws Exception {
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("right", Optional.empty())) {
            assertThat(pending.uri().toString()).matches("http://127\\.0\\.0\\.1:\\d+/callback");
            HttpResponse<String> page = get(URI.create(pending.uri() + "?code=a%20b&state=right&iss=https%3A%2F%2Fas"));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).doesNotContain("right").contains("close this page");
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(page.headers().firstValue("Content-Security-Policy")).contains("default-src 'none'");
            assertThat(pending.await(PATIENCE)).isEqualTo(Map.of("code", "a b", "state", "right", "iss", "https://as"));
            assertThat(get(URI.create(pending.uri() + "?code=c&state=right")).statusCode())
                    .isEqualTo(404);
            assertThat(pending.await(PATIENCE)).containsEntry("code", "a b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/callback",
                "/callback?code=x",
                "/callback?code=x&state=wrong",
                "/callback?state=right-",
                "/callback/?code=x&state=right",
                "/other?code=x&state=right",
                "/?code=x&state=right",
                "/favicon.ico",
                "/callback?state=%zz",
                "/callback?=&&&"
            })
    void whatIsNotTheAnswerChangesNothing(String path) throws Exception {
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("right", Optional.empty())) {
            assertThat(raw(pending.uri(), "GET " + path + " HTTP/1.1")).containsPattern("^HTTP/1.1 40[04] ");
            assertThat(raw(pending.uri(), "POST /callback?code=x&state=right HTTP/1.1"))
                    .startsWith("HTTP/1.1 404");
            assertThat(get(URI.create(pending.uri() + "?code=y&state=right")).statusCode())
                    .isEqualTo(200);
            assertThat(pending.await(PATIENCE)).containsEntry("code", "y");
        }
    }

    private static String raw(URI uri, String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName(uri.getHost()), uri.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write((line + "\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes("US-ASCII"));
            return new String(socket.getInputStream().readAllBytes(), "UTF-8");
        }
    }

    @Test
    void aParameterThatComesTwiceIsAnErrorAtOnce() throws Exception {
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("right", Optional.empty())) {
            get(URI.create(pending.uri() + "?code=a&code=b&state=right"));
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> pending.await(PATIENCE))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.RESPONSE));
        }
    }

    @Test
    void aUserWhoDoesNotComeBackIsWaitedForAsLongAsWasSaid() throws Exception {
        URI uri;
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("right", Optional.empty());
                Socket silent = new Socket(
                        InetAddress.getLoopbackAddress(), pending.uri().getPort())) {
            uri = pending.uri();
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> pending.await(Duration.ofMillis(50)))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(uri));
    }

    @Test
    void thePortOfLastTimeIsTakenIfItIsFree() throws Exception {
        URI earlier;
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("a", Optional.empty())) {
            earlier = pending.uri();
        }
        try (Redirect.Pending pending = LoopbackRedirect.onFreePort().open("b", Optional.of(earlier))) {
            assertThat(pending.uri()).isEqualTo(earlier);
            try (Redirect.Pending second = LoopbackRedirect.onFreePort().open("c", Optional.of(earlier))) {
                assertThat(second.uri()).isNotEqualTo(earlier);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsAnError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> LoopbackRedirect.onPort(taken.getLocalPort()).open("a", Optional.empty()));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> LoopbackRedirect.onPort(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoopbackRedirect.onFreePort().path("callback"));
    }
}
