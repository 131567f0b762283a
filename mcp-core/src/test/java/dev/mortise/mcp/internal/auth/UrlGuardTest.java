package dev.mortise.mcp.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs of a server are fetched and opened. Addresses are literal, so that no name server has a say. */
class UrlGuardTest {
    private static final UrlGuard STRICT = new UrlGuard(false, false);
    private static final URI PUBLIC = URI.create("https://93.184.216.34/mcp");
    private static final URI PRIVATE = URI.create("https://10.1.2.3/mcp");
    private static final URI LOCAL = URI.create("http://127.0.0.1:8080/mcp");

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8,PUBLIC",
        "10.0.0.1,PRIVATE",
        "172.15.0.1,PUBLIC",
        "172.16.0.1,PRIVATE",
        "172.32.0.1,PUBLIC",
        "192.168.1.1,PRIVATE",
        "192.0.0.8,PRIVATE",
        "100.64.0.1,PRIVATE",
        "100.63.0.1,PUBLIC",
        "198.18.0.1,PRIVATE",
        "127.0.0.1,LOOPBACK",
        "127.9.9.9,LOOPBACK",
        "0.0.0.0,FORBIDDEN",
        "0.1.2.3,FORBIDDEN",
        "169.254.169.254,FORBIDDEN",
        "224.0.0.1,FORBIDDEN",
        "255.255.255.255,FORBIDDEN",
        "2606:4700::1,PUBLIC",
        "::1,LOOPBACK",
        "::,FORBIDDEN",
        "fe80::1,FORBIDDEN",
        "fd00::1,PRIVATE",
        "fec0::1,PRIVATE",
        "ff02::1,FORBIDDEN",
        "::ffff:10.0.0.1,PRIVATE",
        "::ffff:127.0.0.1,LOOPBACK",
        "64:ff9b::a00:1,PRIVATE",
        "64:ff9b::7f00:1,LOOPBACK",
        "2002:a00:1::,PRIVATE",
        "2002:808:808::,PUBLIC",
        "::10.0.0.1,FORBIDDEN"
    })
    void zones(String address, Zone zone) throws UnknownHostException {
        assertThat(Zone.of(InetAddress.getByName(address))).isEqualTo(zone);
    }

    @Test
    void nothingLessPublicThanTheServerItself() {
        allowed(STRICT, "https://8.8.8.8/x", PUBLIC);
        refused(STRICT, "https://10.0.0.1/x", PUBLIC);
        refused(STRICT, "https://127.0.0.1/x", PUBLIC);
        refused(STRICT, "http://127.0.0.1/x", PUBLIC);
        refused(STRICT, "http://localhost/x", PUBLIC);
        refused(STRICT, "https://127.0.0.2/x", PUBLIC);
        refused(STRICT, "https://[::1]/x", PUBLIC);
        refused(STRICT, "https://169.254.169.254/latest/meta-data", PUBLIC);
        allowed(STRICT, "https://8.8.8.8/x", PRIVATE);
        allowed(STRICT, "https://192.168.0.1/x", PRIVATE);
        refused(STRICT, "http://127.0.0.1/x", PRIVATE);
        allowed(STRICT, "https://10.1.2.3/other", PRIVATE);
        allowed(STRICT, "http://127.0.0.1:9/x", LOCAL);
        allowed(STRICT, "https://10.0.0.1/x", LOCAL);
        refused(STRICT, "https://169.254.169.254/x", LOCAL);
    }

    @Test
    void whatMayBeAllowed() {
        UrlGuard wide = new UrlGuard(true, false);
        allowed(wide, "https://10.0.0.1/x", PUBLIC);
        refused(wide, "https://127.0.0.1/x", PUBLIC);
        refused(wide, "https://169.254.169.254/x", PUBLIC);
        refused(wide, "http://10.0.0.1/x", PUBLIC);
        allowed(new UrlGuard(true, true), "http://10.0.0.1/x", PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "file:///etc/passwd",
                "ftp://8.8.8.8/x",
                "http://8.8.8.8/x",
                "https://user:password@8.8.8.8/x",
                "https://8.8.8.8/x#fragment",
                "//8.8.8.8/x",
                "/x",
                "https:///x",
                "mailto:a@example.com"
            })
    void whatIsNoUrlOfTheWeb(String url) {
        refused(STRICT, url, LOCAL);
    }

    @Test
    void browsersAreOpenedWithoutAShell() throws IOException {
        URI page = URI.create("https://as.example/authorize?a=1&b=$(reboot)%22;rm");
        assertThat(new DesktopBrowser("Linux").command(page)).containsExactly("xdg-open", page.toString());
        assertThat(new DesktopBrowser("Mac OS X").command(page)).containsExactly("open", page.toString());
        assertThat(new DesktopBrowser("Windows 11").command(page))
                .containsExactly("rundll32", "url.dll,FileProtocolHandler", page.toString());
        for (String url : List.of("javascript:alert(1)", "file:///etc/passwd", "-psn", "calc.exe")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new DesktopBrowser("Linux").command(URI.create(url)));
        }
    }

    private static void allowed(UrlGuard guard, String url, URI server) {
        assertThatCode(() -> guard.check(URI.create(url), server)).doesNotThrowAnyException();
    }

    private static void refused(UrlGuard guard, String url, URI server) {
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> guard.check(URI.create(url), server))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE_URL));
    }
}
