package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching for whoever asks, in a network that has more than the internet in it. */
@Timeout(60)
class UrlFetcherTest {
    private static final DocumentKey KEY = new DocumentKey("c", "page");

    private Web web;

    @BeforeEach
    void start() throws Exception {
        web = Web.http();
    }

    @AfterEach
    void stop() {
        web.close();
    }

    /** Takes this machine, under the name wiki.test, for a host that may be private. */
    private UrlFetcher.Builder fetcher() {
        return UrlFetcher.builder()
                .allowPlainHttp()
                .trustHost("wiki.test")
                .resolver(names(Map.of("wiki.test", "127.0.0.1", "evil.test", "127.0.0.1", "lan.test", "192.168.1.1")));
    }

    private static Resolver names(Map<String, String> addresses) {
        return host -> {
            String address = addresses.get(host);
            if (address == null && !host.matches("[0-9a-fx.:]+")) {
                throw new UnknownHostException(host);
            }
            return List.of(InetAddress.getAllByName(address == null ? host : address));
        };
    }

    private URI url(String path) {
        return URI.create("http://wiki.test:" + web.port() + path);
    }

    @Test
    void aNameServerThatDoesNotAnswerHasNoMoreTimeThanTheRest() {
        CountDownLatch never = new CountDownLatch(1);
        UrlFetcher fetcher = fetcher()
                .deadline(Duration.ofMillis(50))
                .resolver(host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return List.of();
                })
                .build();

        assertThatThrownBy(() -> fetcher.fetch(KEY, url("/")))
                .isInstanceOfSatisfying(
                        DocumentRejected.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.TIMED_OUT));
        never.countDown();
    }

    @Test
    void aPageOfATrustedHost() throws Exception {
        web.page("/docs/pump.md", "text/markdown; charset=utf-8", "# The pump");

        DocumentSource source = fetcher().build().fetch(KEY, url("/docs/pump.md#oil"));

        assertThat(new String(source.bytes(), StandardCharsets.UTF_8)).isEqualTo("# The pump");
        assertThat(source.fileName()).isEqualTo("pump.md");
        assertThat(source.mediaType()).isEqualTo("text/markdown; charset=utf-8");
        assertThat(source.uri()).isEqualTo(url("/docs/pump.md#oil").toString());
        assertThat(web.requests).containsExactly("/docs/pump.md@wiki.test:" + web.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost/",
                "http://[::1]/",
                "http://0.0.0.0/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "http://198.18.0.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:10.0.0.1]/",
                "http://[::ffff:a9fe:a9fe]/",
                "http://[::127.0.0.1]/",
                "http://[::]/",
                "http://[fe80::1]/",
                "http://[fec0::1]/",
                "http://[fc00::1]/",
                "http://[fd12:3456::1]/",
                "http://[ff02::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b::a00:1]/",
                "http://[64:ff9b:1::a00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2002:c0a8:101::]/",
                "http://[2001::1]/",
                "http://[2001:db8::1]/",
                "http://127.1/",
                "http://2130706433/",
            })
    void addressesThatAreNotOfTheInternet(String url) {
        assertRefused(Reason.UNREACHABLE, UrlFetcher.builder().allowPlainHttp().build(), URI.create(url));
    }

    @Test
    void addressesThatAre() throws Exception {
        for (String address : List.of(
                "8.8.8.8",
                "172.32.0.1",
                "100.128.0.1",
                "2606:4700::1",
                "64:ff9b::808:808",
                "2002:808:808::",
                "192.0.1.1")) {
            assertThat(PublicAddress.is(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
    }

    @Test
    void namesThatResolveToPrivateAddresses() {
        web.page("/", "text/plain", "secret");

        assertRefused(Reason.UNREACHABLE, fetcher().build(), URI.create("http://evil.test:" + web.port() + "/"));
        assertRefused(Reason.UNREACHABLE, fetcher().build(), URI.create("http://lan.test/"));
        assertThat(web.requests).isEmpty();
    }

    @Test
    void oneOfTheAddressesOfANameIsPrivate() {
        UrlFetcher fetcher = UrlFetcher.builder()
                .allowPlainHttp()
                .resolver(host -> List.of(InetAddress.getByName("8.8.8.8"), InetAddress.getByName("127.0.0.1")))
                .build();

        assertRefused(Reason.UNREACHABLE, fetcher, URI.create("http://both.test/"));
    }

    @Test
    void redirectsIntoPrivateNetworks() {
        web.page("/secret", "text/plain", "secret");
        web.redirect("/a", 302, "http://127.0.0.1:" + web.port() + "/secret");
        web.redirect("/b", 307, "http://169.254.169.254/latest/");
        web.redirect("/c", 301, "//evil.test:" + web.port() + "/secret");
        web.redirect("/d", 308, "file:///etc/passwd");
        web.redirect("/e", 303, "http://[::ffff:127.0.0.1]:" + web.port() + "/secret");
        web.redirect("/f", 302, "http://wiki.test@127.0.0.1:" + web.port() + "/secret");

        for (String path : List.of("/a", "/b", "/c", "/d", "/e", "/f")) {
            assertRefused(Reason.UNREACHABLE, fetcher().build(), url(path));
        }
        assertThat(web.requests).noneMatch(request -> request.startsWith("/secret"));
    }

    @Test
    void theAddressThatWasCheckedIsTheOneThatIsUsed() throws Exception {
        web.page("/", "text/plain", "the page");
        AtomicInteger asked = new AtomicInteger();
        // A name server that tells the truth once.
        UrlFetcher fetcher = UrlFetcher.builder()
                .allowPlainHttp()
                .trustHost("wiki.test")
                .resolver(host ->
                        List.of(InetAddress.getByName(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.99")))
                .build();

        assertThat(fetcher.fetch(KEY, url("/")).bytes()).asString().isEqualTo("the page");
        assertThat(asked).hasValue(1);
    }

    @Test
    void redirectsAreFollowedAndCounted() throws Exception {
        web.page("/end", "text/plain", "here");
        web.redirect("/one", 302, "two");
        web.redirect("/two", 301, url("/end").toString());
        web.redirect("/loop", 302, "/loop");

        assertThat(fetcher().build().fetch(KEY, url("/one")).bytes()).asString().isEqualTo("here");
        assertRefused(Reason.UNREACHABLE, fetcher().maxRedirects(3).build(), url("/loop"));
        assertThat(web.requests.stream().filter(each -> each.startsWith("/loop")))
                .hasSize(4);
    }

    @Test
    void plainHttpAndOtherSchemesAreForThoseWhoAllowThem() {
        assertRefused(Reason.UNREACHABLE, UrlFetcher.standard(), URI.create("http://example.com/"));
        for (String url : List.of(
                "file:///etc/passwd",
                "ftp://example.com/",
                "jar:file:/a!/b",
                "/relative",
                "https:opaque",
                "https://user:secret@example.com/",
                "https:///nohost")) {
            assertRefused(Reason.UNREACHABLE, fetcher().build(), URI.create(url));
        }
    }

    @Test
    void whatIsTooLargeIsNotReadToItsEnd() {
        web.page("/said", "text/plain", "x".repeat(2000));
        web.page("/endless", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[8192]);
            }
        });

        assertRefused(Reason.TOO_LARGE, fetcher().maxBytes(1000).build(), url("/said"));
        assertRefused(Reason.TOO_LARGE, fetcher().maxBytes(100_000).build(), url("/endless"));
    }

    @Test
    void whatIsTooSlowIsNotWaitedFor() throws Exception {
        UrlFetcher hasty = fetcher().deadline(Duration.ofSeconds(1)).build();
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread drip = Thread.ofVirtual().start(() -> {
                try (Socket socket = silent.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n".getBytes());
                    while (true) {
                        socket.getOutputStream().write('x');
                        Thread.sleep(20);
                    }
                } catch (Exception e) {
                    // It hung up, as it should.
                }
            });
            assertRefused(Reason.TIMED_OUT, hasty, URI.create("http://wiki.test:" + silent.getLocalPort() + "/"));
            assertThat(drip.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void whatIsNoDocument() {
        web.page("/a.png", "image/png", "x");
        web.page("/gone", exchange -> exchange.sendResponseHeaders(410, -1));
        web.page("/busy", exchange -> exchange.sendResponseHeaders(503, -1));
        web.page("/zip", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[3]);
        });
        web.page("/nowhere", exchange -> exchange.sendResponseHeaders(302, -1));

        assertRefused(Reason.UNSUPPORTED, fetcher().build(), url("/a.png"));
        assertRefused(Reason.UNREACHABLE, fetcher().build(), url("/gone"));
        assertRefused(Reason.UNAVAILABLE, fetcher().build(), url("/busy"));
        assertRefused(Reason.UNSUPPORTED, fetcher().build(), url("/zip"));
        assertRefused(Reason.UNREACHABLE, fetcher().build(), url("/nowhere"));
        assertRefused(Reason.UNREACHABLE, fetcher().build(), URI.create("http://no-such-name.test/"));
    }

    @Test
    void httpsWithTheCertificateOfTheNameAndNoOther(@TempDir Path folder) throws Exception {
        KeyStore keys = selfSigned(folder.resolve("keys.p12"), "wiki.test");
        try (Web secure = Web.https(context(keys, null))) {
            secure.page("/a.txt", "text/plain", "sealed");
            UrlFetcher fetcher = fetcher()
                    .tls(context(null, keys))
                    .trustHost("other.test")
                    .resolver(names(Map.of("wiki.test", "127.0.0.1", "other.test", "127.0.0.1")))
                    .build();

            assertThat(fetcher.fetch(KEY, URI.create("https://wiki.test:" + secure.port() + "/a.txt"))
                            .bytes())
                    .asString()
                    .isEqualTo("sealed");
            assertRefused(Reason.UNAVAILABLE, fetcher, URI.create("https://other.test:" + secure.port() + "/a.txt"));
            assertThat(secure.requests).hasSize(1);
        }
    }

    private static void assertRefused(Reason reason, UrlFetcher fetcher, URI url) {
        assertThatThrownBy(() -> fetcher.fetch(KEY, url))
                .as(url.toString())
                .isInstanceOfSatisfying(
                        DocumentRejected.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static KeyStore selfSigned(Path file, String name) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        return store;
    }

    private static SSLContext context(KeyStore own, KeyStore trusted) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        if (trusted == null) {
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("it", trusted.getCertificate("it"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
