package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets to the console's routes, and by what requests, also by those that no browser of ours would send. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConsoleAccessTest {
    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = Service.start(home, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(service.url().resolve(path));
    }

    private HttpRequest.Builder post(String path, String body) {
        return request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> sent(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> signIn(String key) throws Exception {
        return sent(post("/console/api/session", "{\"key\":\"" + key + "\"}"));
    }

    private static String cookie(HttpResponse<?> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    @Test
    void thePageAllowsNothingButItself() throws Exception {
        HttpResponse<String> page = sent(request("/console"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "http:", "https:", "*");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        HttpResponse<String> script = sent(request("/console/app.js"));
        assertThat(script.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
        assertThat(sent(request("/console/messages-zh.js")).body()).contains("登录");
        assertThat(sent(request("/console/secret")).statusCode()).isEqualTo(404);
        assertThat(sent(request("/console/../secret")).statusCode())
                .as("refused by its path alone, whatever it leads to")
                .isEqualTo(400);
    }

    @Test
    void aSessionIsForTheOwnPageAlone() throws Exception {
        HttpResponse<String> begun = signIn(service.adminKey());
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
        assertThat(begun.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Path=/console", "Max-Age=900");
        String cookie = cookie(begun);
        assertThat(sent(request("/console/api/admin/keys").header("Cookie", cookie))
                        .body())
                .contains("administrator");

        String key = "{\"subject\":\"x\"}";
        assertThat(sent(post("/console/api/admin/keys", key)
                                .header("Cookie", cookie)
                                .header("Origin", "http://localhost:1"))
                        .statusCode())
                .as("a page at another port")
                .isEqualTo(403);
        assertThat(sent(post("/console/api/admin/keys", key)
                                .header("Cookie", cookie)
                                .header("Sec-Fetch-Site", "same-site"))
                        .statusCode())
                .as("a page of a neighbour")
                .isEqualTo(403);
        assertThat(sent(request("/console/api/admin/keys")
                                .header("Cookie", cookie)
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(key)))
                        .statusCode())
                .as("a form")
                .isEqualTo(403);
        assertThat(sent(request("/admin/keys").header("Cookie", cookie)).statusCode())
                .as("elsewhere the cookie is worth nothing")
                .isEqualTo(401);
        assertThat(sent(request("/console/api/admin/keys").header("Cookie", cookie + "A"))
                        .statusCode())
                .as("another cookie")
                .isEqualTo(401);
        assertThat(sent(request("/console/api/admin/keys").header("Authorization", "Bearer " + service.adminKey()))
                        .statusCode())
                .as("a key without a session")
                .isEqualTo(401);
        assertThat(sent(request("/console/api/session")).body()).isEqualTo("null");
    }

    @Test
    void signingOutAndRevokingEndTheSession() throws Exception {
        String first = cookie(signIn(service.adminKey()));
        assertThat(sent(post("/console/api/session/end", "{}").header("Cookie", first))
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow())
                .contains("Max-Age=0");
        assertThat(sent(request("/console/api/live").header("Cookie", first)).statusCode())
                .isEqualTo(401);

        String key = service.key(Map.of(), "--subject", "ops", "--admin");
        String second = cookie(signIn(key));
        assertThat(sent(request("/console/api/live").header("Cookie", second)).statusCode())
                .isEqualTo(200);
        String id = key.split("_", -1)[2];
        assertThat(sent(post("/console/api/admin/keys/revoke", "{\"id\":\"" + id + "\"}")
                                .header("Cookie", cookie(signIn(service.adminKey()))))
                        .statusCode())
                .isEqualTo(200);
        Service.within(Duration.ofSeconds(20), () -> {
            try {
                return sent(request("/console/api/live").header("Cookie", second))
                                .statusCode()
                        == 401;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void wrongKeysAreSlowedDownAndNothingSecretIsLogged() throws Exception {
        String user = service.key(Map.of(), "--subject", "ann");
        assertThat(signIn(user).statusCode()).as("no administrator").isEqualTo(403);
        for (String wrong : new String[] {"", "mk_dev_x", service.adminKey() + "x", "\\u0000"}) {
            assertThat(signIn(wrong).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> slowed = signIn(service.adminKey());
        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(slowed.headers().firstValue("Retry-After").orElseThrow()).matches("\\d{1,2}");
        assertThat(Files.readString(home.resolve("stderr-serve"))).doesNotContain(service.adminKey(), user);
    }

    @Test
    void anAdministratorOfOneTenantSeesThatTenant() throws Exception {
        try (McpClient admin = service.client(service.adminKey())) {
            Service.call(
                    admin,
                    "set_plan",
                    Map.of("tenant", "acme", "plan", "enterprise", "price", "10.00", "create", true));
            Service.call(
                    admin,
                    "set_plan",
                    Map.of("tenant", "globex", "plan", "enterprise", "price", "10.00", "create", true));
        }
        service.key(Map.of(), "--subject", "bob", "--tenant", "globex");
        String acme = service.key(Map.of(), "--subject", "ann", "--tenant", "acme", "--admin");
        String cookie = cookie(signIn(acme));
        for (String path : new String[] {"admin/keys", "admin/billing/tenants", "revenue"}) {
            HttpResponse<String> seen = sent(request("/console/api/" + path).header("Cookie", cookie));
            assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
            assertThat(seen.body()).as(path).doesNotContain("globex");
        }
        URI usage = URI.create("/console/api/admin/billing/usage?tenant=globex");
        assertThat(sent(request(usage.toString()).header("Cookie", cookie)).statusCode())
                .isEqualTo(400);
    }
}
