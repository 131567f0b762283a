package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets into the page of an account, and what other people's pages and odd clients can have it do: nothing. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccountAccessTest {
    private static final String NUMBER = "AAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> settings = new HashMap<>();
    private StandInForStripe stripe;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        stripe = new StandInForStripe();
        settings.put("STRIPE_SECRET_KEY", StandInForStripe.KEY);
        settings.put("STRIPE_WEBHOOK_SECRET", StandInForStripe.SECRET);
        settings.put("STRIPE_PRICES", "starter=price_starter");
        settings.put("STRIPE_URL", stripe.url().toString());
        service = Service.start(home, settings);
    }

    @AfterEach
    void stop() {
        service.close();
        stripe.close();
        http.close();
    }

    private String origin() {
        return "http://127.0.0.1:" + service.url().getPort();
    }

    private HttpRequest.Builder form(String path, String... fields) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(fields[i])
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return HttpRequest.newBuilder(service.url().resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private HttpResponse<String> sent(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> signIn(String key) throws Exception {
        return sent(form("/account/session", "key", key).header("Origin", origin()));
    }

    private String cookie(String key) throws Exception {
        HttpResponse<String> begun = signIn(key);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
        assertThat(begun.headers().firstValue("Location")).hasValue("/account?lang=en");
        return begun.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private HttpResponse<String> account(String cookie) throws Exception {
        return sent(HttpRequest.newBuilder(service.url().resolve("/account")).header("Cookie", cookie));
    }

    private HttpRequest.Builder upgrade(String cookie, String offer) {
        return form("/account/upgrade", "offer", offer, "number", NUMBER).header("Cookie", cookie);
    }

    @Test
    void thePageAllowsNothingButItself() throws Exception {
        HttpResponse<String> page = sent(HttpRequest.newBuilder(service.url().resolve("/account")));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .contains("frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*", "script");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.body()).doesNotContain("<script", "style=");
    }

    @Test
    void aFormOfAnotherPageDoesNothing() throws Exception {
        String key = service.key(settings, "--subject", "ann", "--tenant", "acme", "--scope", "account:pay");
        for (String other : new String[] {"http://127.0.0.1:1", "http://evil.example", "null"}) {
            assertThat(sent(form("/account/session", "key", key).header("Origin", other))
                            .statusCode())
                    .as("signing somebody else in, from " + other)
                    .isEqualTo(403);
        }
        assertThat(sent(form("/account/session", "key", key)).statusCode())
                .as("what says nothing is no browser")
                .isEqualTo(403);
        String cookie = cookie(key);
        assertThat(sent(upgrade(cookie, "starter/stripe/USD").header("Origin", "http://127.0.0.1:1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(sent(upgrade(cookie, "starter/stripe/USD")
                                .header("Origin", origin())
                                .header("Sec-Fetch-Site", "same-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(stripe.checkouts()).isZero();
        HttpResponse<String> begun = sent(upgrade(cookie, "starter/stripe/USD").header("Origin", origin()));
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
        assertThat(begun.headers().firstValue("Location").orElseThrow()).startsWith(stripe.url() + "/c/");
        assertThat(sent(upgrade(cookie, "starter/stripe/USD").header("Origin", origin()))
                        .headers()
                        .firstValue("Location"))
                .as("pressed twice")
                .isEqualTo(begun.headers().firstValue("Location"));
        assertThat(stripe.checkouts()).isEqualTo(1);
        assertThat(sent(upgrade(cookie, "golden/stripe/USD").header("Origin", origin()))
                        .statusCode())
                .as("a plan that is not sold")
                .isEqualTo(400);
        assertThat(stripe.complaints()).isEmpty();
    }

    @Test
    void whoMaySpendTheMoneyOfATenant() throws Exception {
        String looks = cookie(service.key(settings, "--subject", "bob", "--tenant", "acme"));
        assertThat(account(looks).body())
                .contains("bob of acme", "account:pay")
                .doesNotContain("price_", "<button name");
        assertThat(sent(upgrade(looks, "starter/stripe/USD").header("Origin", origin()))
                        .statusCode())
                .isEqualTo(403);
        String house = cookie(service.key(settings, "--subject", "joe", "--scope", "account:pay"));
        assertThat(account(house).body()).contains("of no tenant").doesNotContain("<button name");
        assertThat(sent(upgrade(house, "starter/stripe/USD").header("Origin", origin()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(sent(upgrade("mortise-account=x", "starter/stripe/USD").header("Origin", origin()))
                        .headers()
                        .firstValue("Location"))
                .as("nobody is asked to sign in")
                .hasValue("/account");
        String tools = service.key(settings, "--subject", "ci", "--tenant", "acme", "--tool", "calculate");
        assertThat(signIn(tools).statusCode()).isEqualTo(403);
        assertThat(stripe.checkouts()).isZero();
    }

    @Test
    void theSessionIsForThisPageAndEndsWithItsKey() throws Exception {
        String admin = cookie(service.adminKey());
        assertThat(sent(HttpRequest.newBuilder(service.url().resolve("/console/api/live"))
                                .header("Cookie", admin.replace("mortise-account", "mortise-console")))
                        .statusCode())
                .as("what is sealed for the account opens no console")
                .isEqualTo(401);
        String key = service.key(settings, "--subject", "ann", "--tenant", "acme");
        String cookie = cookie(key);
        assertThat(account(cookie).body()).contains("ann of acme");
        assertThat(account(cookie + "A").body()).doesNotContain("ann of acme");
        assertThat(Service.run(home, settings, "keys", "revoke", key.split("_", -1)[2])
                        .out())
                .contains("revoked");
        Service.within(Duration.ofSeconds(20), () -> {
            try {
                return !account(cookie).body().contains("ann of acme");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });

        String other = cookie(service.key(settings, "--subject", "eve", "--tenant", "acme"));
        HttpResponse<String> ended =
                sent(form("/account/end").header("Cookie", other).header("Origin", origin()));
        assertThat(ended.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(account(other).body())
                .as("a copy of the cookie")
                .contains("Please sign in again")
                .doesNotContain("eve of acme");
    }

    @Test
    void wrongKeysAreSlowedDownAndNothingSecretIsLogged() throws Exception {
        String key = service.key(settings, "--subject", "ann", "--tenant", "acme");
        for (String wrong : new String[] {"", "mk_dev_x", key + "x", "\u0000", "x".repeat(600)}) {
            assertThat(signIn(wrong).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> slowed = signIn(key);
        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(slowed.headers().firstValue("Retry-After").orElseThrow()).matches("\\d{1,2}");
        assertThat(Files.readString(home.resolve("stderr-serve"))).doesNotContain(key, StandInForStripe.KEY);
    }
}
