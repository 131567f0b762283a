package dev.mortise.billing.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.MemoryUsage;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.books.SqlHome;
import dev.mortise.billing.books.TestClock;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.plan.Plans;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AdministratorApiTest {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock(Instant.parse("2027-01-31T10:00:00Z"));
    private final MemoryUsage usage = new MemoryUsage();
    private final List<AdministrationAudit.Event> audited = new CopyOnWriteArrayList<>();
    private volatile boolean auditDown;
    private SqlHome home;
    private Books books;
    private AdministratorApi api;

    private final Authenticator authenticator = origin -> {
        String token = ((HttpHead) origin).header("Authorization").orElse("");
        return switch (token) {
            case "root" -> Authenticator.admit(Caller.of("root").withScopes(Set.of(AdministratorApi.ADMIN)));
            case "root2" -> Authenticator.admit(Caller.of("root2").withScopes(Set.of(AdministratorApi.ADMIN)));
            case "boss" ->
                Authenticator.admit(Caller.of("boss").withTenant("acme").withScopes(Set.of(AdministratorApi.ADMIN)));
            case "user" -> Authenticator.admit(Caller.of("user").withTenant("acme"));
            default -> Authenticator.reject(new Refusal.Unauthenticated("Who are you?", List.of("Bearer")));
        };
    };

    @BeforeEach
    void open() {
        home = SqlHome.sqlite(directory);
        AdministrationAudit audit = event -> {
            if (auditDown) {
                throw new IllegalStateException("no audit");
            }
            audited.add(event);
        };
        // Changes in Java are taken down, too, and those over HTTP not twice.
        books = home.books(setup ->
                setup.clock(clock).usage(usage).settleFor(Duration.ZERO).audit(audit));
        books.plans().publish(Plans.STANDARD);
        SnapshotEntitlements entitlements = books.entitlements(Plans.STANDARD.getFirst(), Duration.ofMinutes(10));
        WebhookLog webhooks = (after, limit) ->
                List.of(new WebhookLog.Entry("evt_1", "stripe", "invoice.paid", clock.instant(), "done"));
        api = new AdministratorApi(
                "/admin/billing",
                authenticator,
                audit,
                books,
                entitlements,
                usage,
                Meters.standard(),
                webhooks,
                "Mortise Ltd.",
                clock);
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private record Answer(int status, Map<String, String> headers, String text) {
        JsonNode json() {
            return Json.parse(text);
        }
    }

    /** As the servlet module hands it over. */
    private record Head(String method, URI uri, Optional<String> query, Map<String, String> fields)
            implements HttpHead {
        @Override
        public List<String> headers(String name) {
            return fields.containsKey(name) ? List.of(fields.get(name)) : List.of();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }
    }

    private Answer serve(String method, String path, @Nullable String query, Map<String, String> fields, String body) {
        HttpRoute route = api.routes().stream()
                .filter(candidate ->
                        candidate.method().equals(method) && candidate.path().equals("/admin/billing" + path))
                .findFirst()
                .orElseThrow();
        HttpRoute.Response response = route.handler()
                .handle(new HttpRoute.Request(
                        new Head(
                                method,
                                URI.create("http://localhost" + route.path()),
                                Optional.ofNullable(query),
                                fields),
                        body.getBytes(StandardCharsets.UTF_8)));
        return new Answer(response.status(), response.headers(), new String(response.body(), StandardCharsets.UTF_8));
    }

    private Answer get(String token, String path, String query) {
        return serve("GET", path, query, Map.of("Authorization", token), "");
    }

    private Answer post(String token, String path, String key, String body) {
        return serve("POST", path, null, Map.of("Authorization", token, "Idempotency-Key", key), body);
    }

    private JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("Cache-Control", "no-store");
        return answer.json();
    }

    private String begin(String plan) {
        ok(post("root", "/tenants", "t", "{\"id\":\"acme\",\"name\":\"Acme\",\"zone\":\"Europe/Berlin\"}"));
        return ok(post("root", "/subscriptions", "b", "{\"tenant\":\"acme\",\"plan\":\"" + plan + "\"}"))
                .get("id")
                .stringValue();
    }

    @Test
    void fromATenantToItsStatement() {
        ok(post("root", "/plans", "p", """
                {"id":"pro","version":1,"name":"Pro","currency":"USD","price":"10.00",
                 "meters":{"api_calls":{"included":100,"overage":{"model":"flat","rate":"0.01"}},"storage":{"measure":"peak","included":5}}}
                """));
        String id = begin("pro@1");
        ok(post(
                "root",
                "/credits",
                "c",
                "{\"tenant\":\"acme\",\"amount\":\"4.00\",\"currency\":\"USD\",\"reason\":\"Welcome\"}"));
        usage.book("acme", "api_calls", 130, clock.instant().plusSeconds(60));
        usage.book("acme", "storage", 3, clock.instant().plusSeconds(60));
        clock.advance(Duration.ofHours(1));
        JsonNode now = ok(get("boss", "/usage", ""));
        assertThat(now.at("/plan").stringValue()).isEqualTo("pro@1");
        assertThat(now.at("/meters/0/used").longValue()).isEqualTo(130);
        assertThat(now.at("/meters/0/included").longValue()).isEqualTo(100);
        assertThat(now.at("/meters/1/used").longValue()).isEqualTo(3);
        JsonNode series = ok(get(
                "boss",
                "/usage/series",
                "meter=api_calls&from=2027-01-31T09:00:00Z&to=2027-01-31T11:00:00Z&stepSeconds=3600"));
        assertThat(series.at("/items")
                        .valueStream()
                        .map(item -> item.get("quantity").longValue()))
                .containsExactly(0L, 130L);
        assertThat(ok(get("boss", "/usage/series", "meter=storage&from=2027-01-31T10:00:00Z"))
                        .at("/items/0/peak")
                        .longValue())
                .isEqualTo(3);
        clock.set(Instant.parse("2027-02-28T10:00:00Z"));
        JsonNode issued = ok(post("root", "/invoices/issue", "i", "{\"subscription\":\"" + id + "\"}"));
        assertThat(issued.at("/items").size()).isEqualTo(2);
        assertThat(ok(post("root", "/invoices/issue", "i", "{\"subscription\":\"" + id + "\"}")))
                .as("whoever lost the answer gets it again")
                .isEqualTo(issued);
        assertThat(post("root", "/invoices/issue", "i", "{\"subscription\":\"another\"}")
                        .status())
                .isEqualTo(409);
        JsonNode invoices = ok(get("boss", "/invoices", ""));
        assertThat(invoices.at("/items/0/number").stringValue()).isEqualTo("INV-000001");
        assertThat(invoices.at("/items/0/due").toString()).isEqualTo("{\"minor\":600,\"currency\":\"USD\"}");
        assertThat(invoices.at("/items/1/total/minor").longValue()).isEqualTo(1_030);
        String invoice = invoices.at("/items/1/id").stringValue();
        ok(post(
                "root",
                "/invoices/credit-notes",
                "n",
                "{\"invoice\":\"" + invoice + "\",\"amount\":\"1.00\",\"currency\":\"USD\"}"));
        Answer page = get("boss", "/invoices/statement", "language=zh&id=" + invoice);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().get("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(page.text()).contains("账单", "INV-000002", "10.30 USD", "CN-000001");
        assertThat(get("boss", "/invoices/statement", "format=csv&id=" + invoice)
                        .text())
                .contains("10.30 USD\r\n");
        assertThat(ok(get("root", "/webhooks", "")).at("/items/0/type").stringValue())
                .isEqualTo("invoice.paid");
        assertThat(ok(get("root", "/tenants", "limit=5")).at("/items/0/name").stringValue())
                .isEqualTo("Acme");
        assertThat(ok(get("boss", "/plans", "")).at("/items").size()).isEqualTo(5);
        assertThat(ok(get("boss", "/credits", ""))
                        .at("/items/0/remaining/minor")
                        .longValue())
                .isZero();
    }

    @Test
    void aChangeIsSeenAtOnce() {
        String id = begin("starter@1");
        assertThat(ok(get("boss", "/entitlement", "")).at("/standing").stringValue())
                .isEqualTo("ACTIVE");
        clock.advance(Duration.ofDays(1));
        ok(post("root", "/subscriptions/payment", "x", "{\"id\":\"" + id + "\",\"payment\":\"failed\"}"));
        assertThat(ok(get("boss", "/entitlement", "")).at("/standing").stringValue())
                .isEqualTo("PAST_DUE");
        ok(post("root", "/subscriptions/payment", "y", "{\"id\":\"" + id + "\",\"payment\":\"paid\"}"));
        ok(post("root", "/subscriptions/change", "z", "{\"id\":\"" + id + "\",\"plan\":\"professional@1\"}"));
        assertThat(ok(get("boss", "/entitlement", "")).at("/features/0").stringValue())
                .isEqualTo("custom-tools");
        ok(post("root", "/subscriptions/trial", "t2", "{\"id\":\"" + id + "\",\"until\":\"2027-02-10T00:00:00Z\"}"));
        assertThat(ok(get("boss", "/entitlement", "")).at("/standing").stringValue())
                .isEqualTo("TRIAL");
        ok(post("root", "/subscriptions/cancel", "c", "{\"id\":\"" + id + "\"}"));
        ok(post("root", "/subscriptions/resume", "r", "{\"id\":\"" + id + "\"}"));
        ok(post("root", "/subscriptions/cancel", "c2", "{\"id\":\"" + id + "\",\"when\":\"now\"}"));
        assertThat(ok(get("boss", "/entitlement", "")).at("/standing").stringValue())
                .isEqualTo("NONE");
        assertThat(ok(get("boss", "/subscriptions/history", "id=" + id))
                        .at("/items")
                        .size())
                .isEqualTo(8);
    }

    @Test
    void aRepeatedChangeIsMadeOnce() {
        begin("starter@1");
        String body = "{\"tenant\":\"acme\",\"amount\":\"4.00\",\"currency\":\"USD\"}";
        JsonNode first = ok(post("root", "/credits", "k", body));
        clock.advance(Duration.ofHours(1));
        assertThat(ok(post("root", "/credits", "k", body))).isEqualTo(first);
        assertThat(ok(post("root", "/credits", "\"k\"", body))).isEqualTo(first);
        assertThat(post("root", "/credits", "k", body.replace("4.00", "5.00")).status())
                .isEqualTo(409);
        assertThat(post("root", "/credits/void", "k", "{\"id\":\"x\"}").status())
                .isEqualTo(409);
        // The key of somebody else is another key.
        assertThat(ok(post("root2", "/credits", "k", body)).at("/id")).isNotEqualTo(first.at("/id"));
        assertThat(ok(get("boss", "/credits", "")).at("/items").size()).isEqualTo(2);
    }

    @Test
    void whoMayDoWhat() {
        String id = begin("starter@1");
        for (HttpRoute route : api.routes()) {
            String path = route.path().substring("/admin/billing".length());
            Map<String, String> nobody = Map.of();
            assertThat(serve(route.method(), path, null, nobody, "{}").status()).isEqualTo(401);
            assertThat(serve(route.method(), path, null, Map.of("Authorization", "user"), "{}")
                            .status())
                    .isEqualTo(403);
            if (route.method().equals("POST")) {
                // An administrator of a tenant gives itself nothing.
                assertThat(post("boss", path, "k", "{}").status()).as(path).isEqualTo(403);
                assertThat(serve("POST", path, null, Map.of("Authorization", "root"), "{}")
                                .status())
                        .as(path)
                        .isEqualTo(400);
            }
        }
        books.tenants().register("other", "Other", java.time.ZoneOffset.UTC);
        assertThat(get("boss", "/usage", "tenant=other").status()).isEqualTo(400);
        assertThat(get("boss", "/invoices", "tenant=other").status()).isEqualTo(400);
        assertThat(get("boss", "/webhooks", "").status()).isEqualTo(400);
        assertThat(ok(get("boss", "/tenants", "")).at("/items").size()).isEqualTo(1);
        String draft = books.invoices()
                .draft(books.subscriptions()
                        .begin("other", new dev.mortise.billing.plan.PlanRef("free", 1))
                        .id())
                .id();
        assertThat(get("boss", "/invoices/statement", "id=" + draft).status()).isEqualTo(404);
        assertThat(get("boss", "/subscriptions/history", "id=" + id).status()).isEqualTo(200);
        assertThat(get("root", "/invoices/statement", "id=" + draft).status()).isEqualTo(200);
    }

    @Test
    void everyChangeIsOnRecordBeforeItIsMade() {
        begin("starter@1");
        audited.clear();
        post("root", "/credits", "k", "{\"tenant\":\"acme\",\"amount\":\"-4.00\",\"currency\":\"USD\"}");
        post("root", "/credits", "k2", "{\"tenant\":\"acme\",\"amount\":\"4.00\",\"currency\":\"USD\"}");
        post("boss", "/credits", "k3", "{}");
        assertThat(audited)
                .extracting(
                        AdministrationAudit.Event::administrator,
                        AdministrationAudit.Event::action,
                        AdministrationAudit.Event::target,
                        AdministrationAudit.Event::outcome)
                .containsExactly(
                        event("-:root", "acme", AdministrationAudit.Outcome.BEGUN),
                        event("-:root", "acme", AdministrationAudit.Outcome.FAILED),
                        event("-:root", "acme", AdministrationAudit.Outcome.BEGUN),
                        event("-:root", "acme", AdministrationAudit.Outcome.DONE),
                        event("4:acme:boss", null, AdministrationAudit.Outcome.DENIED));
        auditDown = true;
        Answer refused =
                post("root", "/credits", "k4", "{\"tenant\":\"acme\",\"amount\":\"4.00\",\"currency\":\"USD\"}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(books.credits().ofTenant("acme")).hasSize(1);
    }

    private static org.assertj.core.groups.Tuple event(
            String who, @Nullable String target, AdministrationAudit.Outcome outcome) {
        return org.assertj.core.groups.Tuple.tuple(who, "POST /admin/billing/credits", target, outcome);
    }

    @Test
    void badInputIsNamedAndBooksNothing() {
        String id = begin("starter@1");
        List<String[]> wrong = new ArrayList<>();
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":4,\"currency\":\"USD\"}", "amount"});
        wrong.add(
                new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"4.001\",\"currency\":\"USD\"}", "4.001"});
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"NaN\",\"currency\":\"USD\"}", "NaN"});
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"4\",\"currency\":\"DOLLAR\"}", "currency"
        });
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"4\",\"currency\":\"XAU\"}", "XAU"});
        wrong.add(new String[] {
            "/credits", "{\"tenant\":\"acme\",\"amount\":\"4\",\"currency\":\"USD\",\"priority\":-1}", "priority"
        });
        wrong.add(new String[] {"/credits", "[]", "JSON object"});
        wrong.add(new String[] {"/credits", "{", "JSON object"});
        wrong.add(new String[] {
            "/plans", "{\"id\":\"x\",\"name\":\"x\",\"currency\":\"USD\",\"meters\":{\"seats\":{}}}", "meters.seats"
        });
        wrong.add(new String[] {
            "/plans", "{\"id\":\"x\",\"name\":\"x\",\"currency\":\"USD\",\"price\":\"1.005\"}", "price"
        });
        wrong.add(new String[] {"/subscriptions/change", "{\"id\":\"" + id + "\",\"plan\":\"gold@1\"}", "gold@1"});
        wrong.add(new String[] {"/subscriptions/change", "{\"id\":\"" + id + "\",\"plan\":\"gold\"}", "plan"});
        wrong.add(new String[] {
            "/subscriptions/change", "{\"id\":\"" + id + "\",\"plan\":\"free@1\",\"when\":\"soon\"}", "when"
        });
        wrong.add(new String[] {"/subscriptions/trial", "{\"id\":\"" + id + "\",\"until\":\"tomorrow\"}", "until"});
        wrong.add(new String[] {"/tenants", "{\"id\":\"x\",\"name\":\"x\",\"zone\":\"Moon/Base\"}", "zone"});
        wrong.add(new String[] {"/tenants", "{\"id\":\"a\\u0000\",\"name\":\"x\",\"zone\":\"UTC\"}", "id"});
        wrong.add(new String[] {
            "/credits", "{\"tenant\":\"acme\",\"amount\":\"4\",\"amount\":\"9000\",\"currency\":\"USD\"}", "JSON object"
        });
        wrong.add(new String[] {
            "/credits", "{\"tenant\":\"acme\",\"amount\":\"999999999999999999.99\",\"currency\":\"USD\"}", "no amount"
        });
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"1e3\",\"currency\":\"USD\"}", "1e3"});
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"-0.00\",\"currency\":\"USD\"}", "zero"});
        wrong.add(new String[] {"/credits", "{\"tenant\":\"acme\",\"amount\":\"\u0664\",\"currency\":\"USD\"}", "digits"
        });
        wrong.add(new String[] {
            "/credits",
            "{\"tenant\":\"acme\",\"amount\":\"4\",\"currency\":\"USD\",\"expiresAt\":\"+1000000000-01-01T00:00:00Z\"}",
            "expiresAt"
        });
        wrong.add(new String[] {
            "/subscriptions/trial", "{\"id\":\"" + id + "\",\"until\":\"+292278995-01-01T00:00:00Z\"}", "until"
        });
        wrong.add(new String[] {
            "/subscriptions/payment",
            "{\"id\":\"" + id + "\",\"payment\":\"failed\",\"since\":\"-1000000000-01-01T00:00:00Z\"}",
            "since"
        });
        wrong.add(new String[] {
            "/subscriptions/change", "{\"id\":\"" + id + "\",\"plan\":\"starter@99999999999999999999\"}", "version"
        });
        wrong.add(new String[] {"/credits", "{\"tenant\":".repeat(500), "JSON object"});
        for (String[] one : wrong) {
            Answer answer = post("root", one[0], "k" + one[1].hashCode(), one[1]);
            assertThat(answer.status())
                    .as("%s %s: %s", one[0], one[1], answer.text())
                    .isEqualTo(400);
            assertThat(answer.json().get("error").stringValue()).as(one[1]).contains(one[2]);
        }
        assertThat(post("root", "/subscriptions/cancel", "k", "{\"id\":\"none\"}")
                        .status())
                .isEqualTo(404);
        assertThat(post("root", "/subscriptions/resume", "k 2", "{}").status()).isEqualTo(400);
        assertThat(post("root", "/subscriptions", "k", "{\"tenant\":\"acme\",\"plan\":\"free@1\"}")
                        .status())
                .isEqualTo(409);
        assertThat(get("root", "/usage/series", "tenant=acme&meter=api_calls&from=2020-01-01T00:00:00Z&stepSeconds=60")
                        .status())
                .isEqualTo(400);
        assertThat(get("root", "/usage", "tenant=%zz").status()).isEqualTo(400);
        Answer endless = get(
                "root",
                "/usage/series",
                "tenant=acme&meter=api_calls&from=%2B999999999-01-01T00:00:00Z&to=%2B999999999-01-02T00:00:00Z");
        assertThat(endless.status()).isEqualTo(400);
        assertThat(endless.text()).contains("from must be an instant");
        assertThat(post(
                                "root",
                                "/subscriptions/payment",
                                "k9",
                                "{\"id\":\"" + id + "\",\"payment\":\"failed\",\"since\":\"9999-01-01T00:00:00Z\"}")
                        .status())
                .as("a grace that would never end")
                .isEqualTo(409);
        assertThat(books.credits().ofTenant("acme")).isEmpty();
        assertThat(books.plans().list()).hasSize(4);
        assertThat(books.subscriptions().find(id).orElseThrow().revision()).isEqualTo(1);
    }
}
