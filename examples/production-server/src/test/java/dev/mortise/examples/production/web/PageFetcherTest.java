package dev.mortise.examples.production.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.mortise.examples.production.tool.CannotAnswer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody may try who wants to look around in the network that the server stands in. */
@Timeout(60)
class PageFetcherTest {
    private HttpServer site;
    private String base;
    private PageFetcher fetcher;

    @BeforeEach
    void serve() throws Exception {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        base = "http://127.0.0.1:" + site.getAddress().getPort();
        fetcher =
                new PageFetcher(AllowedHosts.of("127.0.0.1:" + site.getAddress().getPort()));
        site.start();
    }

    @AfterEach
    void stop() {
        site.stop(0);
    }

    private void page(String path, int status, String type, byte[] body, String location) {
        site.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().add("Location", location);
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://127.0.0.1/",
                "http://127.1/",
                "http://2130706433/",
                "http://0.0.0.0/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:a00:1]/",
                "http://[64:ff9b::a00:1]/",
                "http://[2002:a00:1::]/",
                "http://[fd00::1]/",
                "http://[fe80::1]/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "https://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://127.0.0.1:70/x",
                "jar:http://127.0.0.1/a.jar!/",
                "http://user:pass@example.com/",
                "http://example.com:6379/",
                "https:///nohost",
                "not a url"
            })
    void nothingButThePublicInternet(String url) {
        assertThatThrownBy(() -> new PageFetcher(AllowedHosts.of("")).fetch(url))
                .as("not even a connection is tried")
                .isInstanceOf(CannotAnswer.class)
                .hasMessageMatching("(?s).*(not on the public internet|is not read|no address|There is no host).*");
    }

    @Test
    void aNameThatLeadsHomeLeadsNowhere() throws Exception {
        DnsResolver rebound = new Answers("93.184.216.34", "127.0.0.1");
        assertThatThrownBy(() -> new GuardedAddresses(Set.of(), rebound).resolve("evil.example"))
                .isInstanceOf(GuardedAddresses.NotPublic.class);
        DnsResolver good = new Answers("93.184.216.34", "2606:2800:220:1::1");
        assertThat(new GuardedAddresses(Set.of(), good).resolve("good.example")).hasSize(2);
    }

    private record Answers(String... addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            return found;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @Test
    void everyHopIsChecked() throws Exception {
        page("/home", 302, "text/html", new byte[0], "http://127.0.0.1:1/secret");
        page("/cloud", 301, "text/html", new byte[0], "http://169.254.169.254/latest/");
        page("/file", 307, "text/html", new byte[0], "file:///etc/passwd");
        page("/round", 302, "text/html", new byte[0], "/round");
        page("/on", 302, "text/html", new byte[0], "/end");
        page("/end", 200, "text/plain", "fin".getBytes(StandardCharsets.UTF_8), "");
        for (String path : new String[] {"/home", "/cloud", "/file", "/round"}) {
            assertThatThrownBy(() -> fetcher.fetch(base + path))
                    .as(path)
                    .isInstanceOf(CannotAnswer.class)
                    .hasMessageMatching("(?s).*(not on the public internet|is not read|sends its readers on).*");
        }
        assertThat(fetcher.fetch(base + "/on").content()).isEqualTo("fin");
    }

    @Test
    void aPageThatNeverEndsIsLetGoOf() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        site.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            asked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread reader = Thread.ofVirtual()
                .start(() ->
                        assertThatThrownBy(() -> fetcher.fetch(base + "/drip")).isInstanceOf(CannotAnswer.class));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();
        assertThat(reader.join(Duration.ofSeconds(3))).isTrue();
        over.countDown();
    }

    @Test
    void aSmallAnswerThatUnpacksToALargeOneIsRefused() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(new byte[50_000_000]);
        }
        site.createContext("/bomb", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
            exchange.close();
        });
        assertThatThrownBy(() -> fetcher.fetch(base + "/bomb")).hasMessageContaining("larger");
    }

    @Test
    void sizeAndTypeAreBounded() {
        page("/large", 200, "text/plain", new byte[2_000_001], "");
        page("/image", 200, "image/png", new byte[10], "");
        page("/none", 404, "text/html", new byte[10], "");
        assertThatThrownBy(() -> fetcher.fetch(base + "/large")).hasMessageContaining("larger");
        assertThatThrownBy(() -> fetcher.fetch(base + "/image")).hasMessageContaining("image/png");
        assertThatThrownBy(() -> fetcher.fetch(base + "/none")).hasMessageContaining("404");
    }
}
