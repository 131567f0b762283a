package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.payment.CheckoutPage;
import dev.mortise.billing.payment.Choice;
import dev.mortise.billing.payment.FakeHttp;
import dev.mortise.billing.payment.Offer;
import dev.mortise.billing.payment.PaidSubscriptions;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.UsageComparison;
import dev.mortise.billing.payment.Visitor;
import dev.mortise.billing.payment.WebhookHost;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * All of it in one go, over HTTP: a call that is refused, the page that the refusal names, the payment, the webhook, calls that
 * are served, the ledger, and the provider's meter.
 */
class FromRefusalToMeterTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final String COOKIE = "session=alice-of-acme";
    private static final URI WELCOME = URI.create("https://shop.test/welcome");
    private static final URI SIGN_IN = URI.create("https://shop.test/sign-in");
    private static final Offer STARTER = new Offer("starter", "stripe", USD, "Starter", "$29 a month");
    private static final String CALL = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"quote","arguments":{},"_meta":{\
            "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
            "io.modelcontextprotocol/clientCapabilities":{}}}}""";

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final FakeStripe stripe = new FakeStripe(clock);
    private PaymentHome home;
    private Books books;
    private LedgerStore store;
    private Billing billing;
    private Payments payments;
    private WebhookHost host;

    private static Plan plan(String id, String price, int calls) {
        return PlanJson.read("""
                {"id": "%s", "version": 1, "name": "%s", "currency": "USD", "price": "%s", "months": 1, "graceDays": 3,
                 "meters": {"api_calls": {"included": %d, "hardLimit": %d}}}
                """.formatted(id, id, price, calls, calls).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() throws Exception {
        home = PaymentHome.sqlite(directory);
        books = home.books().clock(clock).settleFor(Duration.ZERO).migrate();
        Plan free = plan("free", "0.00", 2);
        books.plans().publish(List.of(plan("starter", "29.00", 1_000), plan("pro", "99.00", 5_000)));
        books.tenants().register("acme", "Acme", ZoneOffset.UTC);
        SnapshotEntitlements entitlements = books.entitlements(free, Duration.ofMinutes(10));
        store = home.ledger().migrate();
        billing = Billing.in(store, entitlements)
                .upgradePage(URI.create("https://shop.test/upgrade"))
                .clock(clock)
                .timeout(Duration.ofSeconds(20))
                .build();
        payments = Payments.builder(home.database())
                .provider(StripeProvider.builder(FakeStripe.KEY, List.of(FakeStripe.SECRET))
                        .server(stripe.uri(), stripe.uri())
                        .meter("api_calls", "mortise_api_calls")
                        .deadline(Duration.ofSeconds(5))
                        .clock(clock)
                        .build())
                .prices(PriceList.of(List.of(
                        new PlanPrice("starter", USD, "stripe", "price_starter"),
                        new PlanPrice("pro", USD, "stripe", "price_pro"))))
                .changes(new PaidSubscriptions(home.database(), books, entitlements::forget))
                .usageFrom(billing.ledger(), Meter.API_CALLS)
                .clock(clock)
                .migrate();
        CheckoutPage page = CheckoutPage.at("/upgrade", payments, FromRefusalToMeterTest::visitor)
                .offering(List.of(STARTER, new Offer("pro", "stripe", USD, "Pro & more <3", "$99 a month")))
                .backTo(WELCOME, URI.create("https://shop.test/upgrade"));
        CheckoutPage chinese = CheckoutPage.at("/taocan", payments, FromRefusalToMeterTest::visitor)
                .offering(List.of(new Offer("starter", "stripe", USD, "入门版", "每月 29 美元")))
                .wording(Wording.chinese())
                .backTo(WELCOME, URI.create("https://shop.test/taocan"));
        CheckoutPage unseen = CheckoutPage.at("/own", payments, FromRefusalToMeterTest::visitor)
                .offering(List.of(STARTER))
                .backTo(WELCOME, URI.create("https://shop.test/own"));
        List<HttpRoute> routes = new ArrayList<>(payments.routes());
        routes.addAll(page.routes());
        routes.addAll(chinese.routes());
        routes.add(HttpRoute.post("/own", request -> HttpRoute.Response.text(200, said(unseen.choose(request)))));
        host = new WebhookHost(
                routes,
                building -> building.authenticator(
                                origin -> Authenticator.admit(Caller.of("alice").withTenant("acme")))
                        .plugin(billing)
                        .tool(Tool.named("quote").handle((in, call) -> "12 EUR")));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        billing.close();
        assertThat(store.verify()).isEmpty();
        store.close();
        books.close();
        home.close();
        stripe.close();
        assertThat(stripe.complaints()).isEmpty();
    }

    /** The host's own way of knowing who is there. */
    private static Visitor visitor(HttpRoute.Request request) {
        HttpHead head = request.head();
        return switch (head.header("Cookie").orElse("")) {
            case COOKIE -> new Visitor.SignedIn("acme");
            case "session=guest" -> new Visitor.NotAllowed();
            default -> new Visitor.Unknown(SIGN_IN);
        };
    }

    /** How a host with a page of its own sees what came of a form. */
    private static String said(Choice choice) {
        return switch (choice) {
            case Choice.GoTo to -> "go to " + to.page();
            case Choice.NotAllowed not -> "not allowed";
            case Choice.NotFromHere not -> "not from here";
            case Choice.NoSuchPlan none -> "no such plan";
            case Choice.Later later -> "later " + later.offer().title() + ' ' + later.number();
            case Choice.SubscribedAlready already -> "subscribed";
            case Choice.Refused refused -> "refused " + refused.code();
        };
    }

    private JsonNode call() throws Exception {
        HttpResponse<String> response = host.browse(HttpRequest.newBuilder(host.at("/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "quote")
                .POST(HttpRequest.BodyPublishers.ofString(CALL)));
        String body = response.body();
        return Json.parse(body.startsWith("{") ? body : body.substring(body.lastIndexOf("data:") + 5))
                .path("result");
    }

    private HttpResponse<String> open(String cookie) throws Exception {
        return host.browse(HttpRequest.newBuilder(host.at("/upgrade")).header("Cookie", cookie));
    }

    private String numberOnThePage() throws Exception {
        HttpResponse<String> page = open(COOKIE);
        assertThat(page.statusCode()).isEqualTo(200);
        Matcher number = Pattern.compile("name=\"number\" value=\"([^\"]+)\"").matcher(page.body());
        assertThat(number.find()).isTrue();
        return number.group(1);
    }

    private HttpResponse<String> choose(String cookie, String origin, String offer, String number) throws Exception {
        return choose("/upgrade", cookie, origin, offer, number);
    }

    private HttpResponse<String> choose(String path, String cookie, String origin, String offer, String number)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(host.at(path))
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "number=" + number + "&offer=" + URLEncoder.encode(offer, StandardCharsets.UTF_8)));
        return host.browse(origin.isEmpty() ? request : request.header("Origin", origin));
    }

    private HttpResponse<String> choose(String offer, String number) throws Exception {
        return choose(COOKIE, origin(), offer, number);
    }

    private String origin() {
        return host.at("/").toString().replaceAll("/$", "");
    }

    private static URI sentTo(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        return URI.create(response.headers().firstValue("Location").orElseThrow());
    }

    private void deliverAll() throws Exception {
        for (FakeStripe.Event event : List.copyOf(stripe.events)) {
            Map<String, String> fields = FakeStripe.signed(event.body(), FakeStripe.SECRET, clock.instant());
            assertThat(host.post("/webhooks/stripe", FakeStripe.bytes(event.body()), fields)
                            .statusCode())
                    .isEqualTo(200);
        }
        stripe.events.clear();
    }

    @Test
    void whoIsRefusedPaysAndGoesOnAndWhatTheyUseIsReported() throws Exception {
        assertThat(call().path("isError").booleanValue(false)).isFalse();
        assertThat(call().path("isError").booleanValue(false)).isFalse();
        JsonNode refused = call();
        assertThat(refused.path("isError").booleanValue()).isTrue();
        assertThat(refused.at("/structuredContent/upgradeUrl").stringValue()).isEqualTo("https://shop.test/upgrade");

        String number = numberOnThePage();
        URI checkout = sentTo(choose("starter/stripe/USD", number));
        assertThat(checkout.getHost()).isEqualTo("checkout.stripe.test");
        assertThat(sentTo(choose("starter/stripe/USD", number)))
                .as("twice is once")
                .isEqualTo(checkout);
        assertThat(refused.toString()).doesNotContain("stripe");
        assertThat(call().path("isError").booleanValue())
                .as("nothing is paid yet")
                .isTrue();

        clock.advance(Duration.ofMinutes(4));
        stripe.pay(checkout);
        deliverAll();
        for (int i = 0; i < 5; i++) {
            assertThat(call().path("isError").booleanValue(false)).isFalse();
        }

        assertThat(billing.ledger().balance("acme", "api_calls")).isEqualTo(7);
        clock.advance(Duration.ofHours(2));
        payments.feed();
        payments.run();
        stripe.meters.validate();
        assertThat(stripe.meters.total()).as("what was used since they pay").isEqualTo(5);
        clock.advance(Duration.ofHours(3));
        assertThat(payments.compareUsage(Instant.parse("2026-01-31T00:00:00Z")))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one).isInstanceOf(UsageComparison.class));
        assertThat(payments.findings(10)).isEmpty();
    }

    @Test
    void whoHasChosenAnotherPlanMeanwhileIsSentToThatOne() throws Exception {
        URI first = sentTo(choose("starter/stripe/USD", numberOnThePage()));
        URI second = sentTo(choose("pro/stripe/USD", numberOnThePage()));
        assertThat(second).isNotEqualTo(first);
        stripe.pay(second);
        deliverAll();
        assertThat(sentTo(choose("starter/stripe/USD", numberOnThePage())).getHost())
                .as("who has a subscription manages that")
                .isEqualTo("billing.stripe.test");
    }

    @Test
    void onlyWhoIsSignedInAndMaySpendGetsAnywhere() throws Exception {
        assertThat(sentTo(open("session=none"))).isEqualTo(SIGN_IN);
        assertThat(open("session=guest").statusCode()).isEqualTo(403);
        String number = numberOnThePage();
        assertThat(sentTo(choose("session=none", origin(), "starter/stripe/USD", number)))
                .isEqualTo(SIGN_IN);
        assertThat(choose("session=guest", origin(), "starter/stripe/USD", number)
                        .statusCode())
                .isEqualTo(403);
        assertThat(stripe.customers()).isZero();
    }

    @Test
    void whatAnotherPageSendsIsRefused() throws Exception {
        String number = numberOnThePage();
        for (String origin : List.of("", "null", "https://evil.test", origin() + ".evil.test")) {
            assertThat(choose(COOKIE, origin, "starter/stripe/USD", number).statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(stripe.customers()).isZero();
    }

    @Test
    void garbageIsRefusedAndNothingIsBegun() throws Exception {
        String number = numberOnThePage();
        assertThat(choose("enterprise/stripe/USD", number).statusCode()).isEqualTo(400);
        assertThat(choose("starter/stripe/EUR", number).statusCode()).isEqualTo(400);
        assertThat(choose("starter/stripe/USD", "").statusCode()).isEqualTo(400);
        assertThat(choose("starter/stripe/USD", "x".repeat(3_000)).statusCode()).isEqualTo(400);
        assertThat(choose("%zz", number).statusCode()).isEqualTo(400);
        assertThat(stripe.customers()).isZero();
    }

    @Test
    void theSamePageForAnotherPlanBeginsAnew() throws Exception {
        String number = numberOnThePage();
        sentTo(choose("starter/stripe/USD", number));
        assertThat(sentTo(choose("pro/stripe/USD", number))).isEqualTo(URI.create("/upgrade"));
    }

    @Test
    void aHostWithAPageOfItsOwnIsToldWhatCameOfAForm() throws Exception {
        String offer = STARTER.key();
        String number = CheckoutPage.number();
        assertThat(choose("/own", "session=none", origin(), offer, number).body())
                .isEqualTo("go to " + SIGN_IN);
        assertThat(choose("/own", "session=guest", origin(), offer, number).body())
                .isEqualTo("not allowed");
        // What names another origin does not come as far as here.
        assertThat(choose("/own", COOKIE, "", offer, number).body()).isEqualTo("not from here");
        assertThat(choose("/own", COOKIE, origin(), "pro/stripe/USD", number).body())
                .isEqualTo("no such plan");
        stripe.fail("POST /v1/checkout/sessions", FakeHttp.Fault.TOO_MANY);
        assertThat(choose("/own", COOKIE, origin(), offer, number).body()).isEqualTo("later Starter " + number);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        assertThat(choose("/own", COOKIE, origin(), offer, number).body())
                .startsWith("go to https://checkout.stripe.test/");
    }

    @Test
    void thePageIsInTheLanguageThatTheHostHasChosen() throws Exception {
        HttpResponse<String> page =
                host.browse(HttpRequest.newBuilder(host.at("/taocan")).header("Cookie", COOKIE));
        assertThat(page.body())
                .contains("lang=\"zh-CN\"", "<h1>选择套餐</h1>", "选择 入门版", "每月 29 美元")
                .doesNotContain("Choose");
        HttpResponse<String> guest =
                host.browse(HttpRequest.newBuilder(host.at("/taocan")).header("Cookie", "session=guest"));
        assertThat(guest.statusCode()).isEqualTo(403);
        assertThat(guest.body()).contains("您无权为此账户选择套餐。");
        assertThat(open("session=guest").body()).contains("lang=\"en\"", "You may not choose a plan for this account.");
    }

    @Test
    void aPageCannotBeSpokenThrough() throws Exception {
        HttpResponse<String> page = open(COOKIE);
        assertThat(page.body()).contains("Pro &amp; more &lt;3").doesNotContain("<3");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
    }
}
