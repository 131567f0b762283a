package dev.mortise.security.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** With keys that never leave another server, which speaks like Vault's transit engine. */
@Timeout(60)
class RemoteKeyEncryptionTest {
    private static final Field EMAIL = new Field("acme", "user", "email", "4711");

    private final DataKeyStore store = DataKeyStore.inMemory();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, LocalKeyEncryption> keys = new HashMap<>();
    private volatile boolean sealed;
    private HttpServer vault;

    @BeforeEach
    void start() throws IOException {
        for (String name : new String[] {"mortise", "mortise-2"}) {
            keys.put(
                    name,
                    LocalKeyEncryption.current(name, () -> {
                                byte[] key = new byte[32];
                                new java.security.SecureRandom().nextBytes(key);
                                return key;
                            })
                            .build());
        }
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.createContext("/v1/transit/", exchange -> {
            asked.incrementAndGet();
            try {
                answer(exchange);
            } catch (GeneralSecurityException | Json.InvalidJson | IllegalArgumentException e) {
                exchange.sendResponseHeaders(400, -1);
            } finally {
                exchange.close();
            }
        });
        vault.start();
    }

    private void answer(HttpExchange exchange) throws IOException, GeneralSecurityException, Json.InvalidJson {
        if (sealed || !"s.token".equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            exchange.sendResponseHeaders(sealed ? 503 : 403, -1);
            return;
        }
        String[] path = exchange.getRequestURI().getPath().split("/");
        JsonNode request = Json.read(exchange.getRequestBody().readAllBytes());
        byte[] context = Base64.getDecoder().decode(request.path("context").asString(""));
        LocalKeyEncryption key = keys.get(path[4]);
        var answer = Json.object();
        if (path[3].equals("encrypt")) {
            byte[] plain = Base64.getDecoder().decode(request.path("plaintext").asString(""));
            byte[] bytes = key.wrap(plain, context).bytes();
            answer.putObject("data")
                    .put("ciphertext", "vault:v1:" + Base64.getEncoder().encodeToString(bytes));
        } else {
            String ciphertext = request.path("ciphertext").asString("").substring("vault:v1:".length());
            byte[] plain = key.unwrap(
                    new KeyEncryption.Wrapped(path[4], Base64.getDecoder().decode(ciphertext)), context);
            answer.putObject("data").put("plaintext", Base64.getEncoder().encodeToString(plain));
        }
        byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @AfterEach
    void stop() {
        vault.stop(0);
    }

    private Sealer sealer(String key) {
        URI uri = URI.create("http://127.0.0.1:" + vault.getAddress().getPort());
        return Sealer.of(store, new VaultTransit(uri, "s.token", key), Duration.ofSeconds(30), nanos::get);
    }

    @Test
    void isAskedOncePerTenantAndProcess() {
        Sealer sealer = sealer("mortise");
        String email = sealer.seal(EMAIL, "alice@example.com");
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(Duration.ofSeconds(31).toNanos());
            assertThat(sealer.open(EMAIL, sealer.seal(EMAIL, "value " + i))).isEqualTo("value " + i);
        }
        assertThat(sealer.open(EMAIL, email)).isEqualTo("alice@example.com");
        assertThat(asked).as("one to wrap, one to unwrap").hasValue(2);
    }

    @Test
    void whileItIsAwayWhatIsKnownGoesOnAndTheRestSaysWhy() {
        Sealer sealer = sealer("mortise");
        String email = sealer.seal(EMAIL, "alice@example.com");
        sealed = true;
        nanos.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(sealer.open(EMAIL, email)).isEqualTo("alice@example.com");
        assertThatThrownBy(() -> sealer("mortise").open(EMAIL, email)).isInstanceOf(KeyEncryptionUnavailable.class);
        assertThatThrownBy(() -> sealer.seal(new Field("new", "t", "c", "r"), "x"))
                .isInstanceOf(KeyEncryptionUnavailable.class);
        sealed = false;
        assertThat(sealer("mortise").open(EMAIL, email)).isEqualTo("alice@example.com");
        assertThat(sealer.open(new Field("new", "t", "c", "r"), sealer.seal(new Field("new", "t", "c", "r"), "x")))
                .isEqualTo("x");
    }

    @Test
    void anotherKeyIsTakenOverWithoutTouchingValues() {
        String email = sealer("mortise").seal(EMAIL, "alice@example.com");
        assertThat(sealer("mortise-2").rewrap()).isEqualTo(1);
        keys.remove("mortise");
        assertThat(sealer("mortise-2").open(EMAIL, email)).isEqualTo("alice@example.com");
    }

    @Test
    void whatSomebodyChangedInTheStoreIsNotUnwrapped() {
        String email = sealer("mortise").seal(EMAIL, "alice@example.com");
        DataKeyStore.DataKeys stored = store.find("acme").orElseThrow();
        byte[] bytes = stored.wrapped().bytes().clone();
        bytes[bytes.length - 5] ^= 1;
        store.replace(new DataKeyStore.DataKeys("acme", 2, new KeyEncryption.Wrapped("mortise", bytes)));
        assertThatThrownBy(() -> sealer("mortise").open(EMAIL, email)).isExactlyInstanceOf(CannotOpen.class);
    }
}
