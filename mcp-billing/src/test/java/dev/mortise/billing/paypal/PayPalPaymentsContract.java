package dev.mortise.billing.paypal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.Access;
import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.PaymentStanding;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanHistory;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.Reconciliation;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host sees of PayPal, over wires. */
abstract class PayPalPaymentsContract {
    private static final Currency USD = Currency.getInstance("USD");
    private static final URI BACK = URI.create("https://shop.test/back");

    private final TestClock clock = new TestClock();
    private final FakePayPal paypal = new FakePayPal(clock);
    private PaymentHome home;
    private PlanHistory history;
    private PayPalProvider provider;
    private Payments payments;
    private WebhookHost host;

    abstract PaymentHome open() throws Exception;

    @BeforeEach
    void start() throws Exception {
        home = open();
        history = new PlanHistory(home.database());
        provider = PayPalProvider.builder("client", "secret", FakePayPal.WEBHOOK)
                .server(paypal.uri(), List.of(Signers.authority()))
                .clock(clock)
                .deadline(Duration.ofSeconds(5))
                .build();
        payments = Payments.builder(home.database())
                .provider(provider)
                .prices(PriceList.of(List.of(
                        new PlanPrice("starter", USD, "paypal", "P-STARTER"),
                        new PlanPrice("pro", USD, "paypal", "P-PRO"))))
                .changes(history)
                .clock(clock)
                .migrate();
        host = new WebhookHost(payments.routes());
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        home.close();
        paypal.close();
        assertThat(paypal.complaints()).isEmpty();
    }

    private OperationResult checkout(String tenant, String request, String plan) {
        return payments.checkout(tenant, request, "paypal", plan, USD, Duration.ZERO, BACK, BACK);
    }

    private Access access(String tenant) {
        return payments.access().of(tenant);
    }

    private int deliver(FakePayPal.Event event) throws Exception {
        byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
        return host.post("/webhooks/paypal", body, paypal.signed(body, "paypal", clock.instant()))
                .statusCode();
    }

    private void deliverAll() throws Exception {
        for (FakePayPal.Event event : List.copyOf(paypal.events)) {
            assertThat(deliver(event)).isEqualTo(200);
        }
        paypal.events.clear();
    }

    private String subscribed(String tenant) throws Exception {
        String id = paypal.approve(((OperationResult.Awaiting) checkout(tenant, "begin", "pro")).page());
        deliverAll();
        assertThat(access(tenant).plan()).isEqualTo("pro");
        return id;
    }

    @Test
    void whatIsApprovedBecomesAPlan() throws Exception {
        OperationResult.Awaiting awaiting = (OperationResult.Awaiting) checkout("acme", "r1", "pro");
        assertThat(checkout("acme", "r1", "pro")).isEqualTo(awaiting);
        assertThat(access("acme").plan()).isNull();
        paypal.approve(awaiting.page());
        deliverAll();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GOOD);
        assertThat(history.of("acme")).containsExactly("GOOD pro");
        assertThat(checkout("acme", "r1", "pro")).isInstanceOf(OperationResult.Done.class);
        assertThat(paypal.calls("POST /v1/billing/subscriptions")).isEqualTo(1);
    }

    @Test
    void anApprovalWhoseMessageNeverComesIsLookedAt() {
        OperationResult.Awaiting awaiting = (OperationResult.Awaiting) checkout("acme", "r1", "pro");
        paypal.approve(awaiting.page());
        clock.advance(Duration.ofMinutes(16));
        payments.run();
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    @Test
    void aPageThatNobodyUsesExpires() {
        checkout("acme", "r1", "pro");
        clock.advance(Duration.ofHours(4));
        payments.run();
        assertThat(((OperationResult.Refused) checkout("acme", "r1", "pro")).code())
                .isEqualTo("expired");
        assertThat(checkout("acme", "r2", "pro")).isInstanceOf(OperationResult.Awaiting.class);
    }

    @Test
    void anAnswerThatIsLostMakesNoSecondSubscription() {
        paypal.fail("POST /v1/billing/subscriptions", Fault.ANSWER_LOST);
        assertThat(checkout("acme", "r1", "pro")).isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        assertThat(checkout("acme", "r1", "pro")).isInstanceOf(OperationResult.Awaiting.class);
        assertThat(paypal.subscriptions).hasSize(1);
    }

    @Test
    void activeWithABalanceIsInArrears() throws Exception {
        String id = subscribed("acme");
        clock.advance(Duration.ofDays(31));
        payments.reconcile(10);
        Instant failedAt = clock.instant();
        paypal.failed(id);
        clock.advance(Duration.ofHours(5));
        deliverAll();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GRACE);
        assertThat(access("acme").until()).isEqualTo(failedAt.plus(Duration.ofDays(7)));
        clock.advance(Duration.ofDays(7));
        payments.reconcile(10);
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.SUSPENDED);
        paypal.paid(id);
        deliverAll();
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(history.of("acme")).containsExactly("GOOD pro", "GRACE pro", "SUSPENDED null", "GOOD pro");
    }

    @Test
    void whatIsCancelledAtTheEndEntitlesForWhatWasPaid() throws Exception {
        subscribed("acme");
        Instant end = Instant.parse("2026-02-28T10:00:00Z");
        paypal.fail("POST /v1/billing/subscriptions/{id}/cancel", Fault.ANSWER_LOST);
        assertThat(payments.cancel("acme", "c1", Operation.CancelWhen.AT_PERIOD_END))
                .isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        deliverAll();
        assertThat(payments.cancel("acme", "c1", Operation.CancelWhen.AT_PERIOD_END))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(paypal.calls("POST /v1/billing/subscriptions/{id}/cancel")).isEqualTo(1);
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(access("acme").until()).isEqualTo(end);
        clock.advance(Duration.between(clock.instant(), end));
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.ENDED);
        payments.run();
        assertThat(history.of("acme")).containsExactly("GOOD pro", "ENDED null");
    }

    @Test
    void whatIsCancelledNowEndsNowWhateverComesFirst() throws Exception {
        subscribed("acme");
        assertThat(payments.cancel("acme", "c1", Operation.CancelWhen.NOW)).isInstanceOf(OperationResult.Done.class);
        deliverAll();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.ENDED);
    }

    @Test
    void aDearerPlanMayNeedApproval() throws Exception {
        subscribed("acme");
        assertThat(payments.change("acme", "c1", "starter", USD, Operation.Proration.NONE))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(access("acme").plan()).isEqualTo("starter");
        paypal.revisingNeedsApproval = true;
        OperationResult.Awaiting awaiting =
                (OperationResult.Awaiting) payments.change("acme", "c2", "pro", USD, Operation.Proration.NONE);
        assertThat(access("acme").plan()).isEqualTo("starter");
        paypal.approve(awaiting.page());
        deliverAll();
        assertThat(access("acme").plan()).isEqualTo("pro");
        clock.advance(Duration.ofMinutes(16));
        payments.run();
        assertThat(payments.change("acme", "c2", "pro", USD, Operation.Proration.NONE))
                .isInstanceOf(OperationResult.Done.class);
    }

    @Test
    void whatAPayerMakesUpGivesNobodyAnything() throws Exception {
        subscribed("victim");
        OperationResult.Awaiting awaiting = (OperationResult.Awaiting) checkout("acme", "r1", "pro");
        String id = awaiting.page().getPath().replaceAll(".*/", "");
        // With the client's id, which a page may show, anybody can make one with whatever is put into it.
        var forged = paypal.subscriptions.get(id).deepCopy().asObject();
        forged.put("id", "I-FORGED").put("custom_id", "victim").put("status", "ACTIVE");
        paypal.subscriptions.put("I-FORGED", forged);
        paypal.event("BILLING.SUBSCRIPTION.ACTIVATED", "I-FORGED");
        // One of ours, whose price the payer has made up.
        paypal.approve(awaiting.page());
        paypal.subscriptions.get(id).put("plan_overridden", true);
        deliverAll();
        assertThat(access("victim").plan()).isEqualTo("pro");
        assertThat(access("acme").plan()).isNull();
        assertThat(payments.findings(10))
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(Finding.Kind.ORPHAN, Finding.Kind.UNKNOWN_PRICE);
    }

    @Test
    void tokensAreKeptUntilTheyEndOrAreRefused() {
        provider.subscription("I-NONE");
        provider.subscription("I-NONE");
        assertThat(paypal.calls("POST /v1/oauth2/token")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(paypal.tokenLife - 59));
        provider.subscription("I-NONE");
        assertThat(paypal.calls("POST /v1/oauth2/token")).isEqualTo(2);
        paypal.endTokens();
        assertThat(provider.subscription("I-NONE")).isEmpty();
        assertThat(paypal.calls("POST /v1/oauth2/token")).isEqualTo(3);
        assertThat(paypal.calls("GET /v1/billing/subscriptions/{id}")).isEqualTo(5);
    }

    @Test
    void aProviderThatIsDownIsAskedAgainByItsOwnMessage() throws Exception {
        String id = subscribed("acme");
        paypal.failed(id);
        for (String call : List.of("GET /v1/billing/subscriptions/{id}", "POST /v1/oauth2/token")) {
            paypal.endTokens();
            paypal.fail(call, Fault.TOO_MANY);
            assertThat(deliver(paypal.events.getFirst())).isEqualTo(503);
        }
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GOOD);
        assertThat(deliver(paypal.events.getFirst())).isEqualTo(200);
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GRACE);
    }

    @Test
    void aComparisonSeesWhatNoMessageTold() throws Exception {
        String id = subscribed("acme");
        paypal.failed(id);
        paypal.events.clear();
        Reconciliation report = payments.reconcile(10).getFirst();
        assertThat(report.repaired()).isEqualTo(1);
        assertThat(report.listed()).isFalse();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GRACE);
        paypal.subscriptions.remove(id);
        assertThat(payments.reconcile(10).getFirst().missing()).isEqualTo(1);
        assertThat(payments.findings(10)).extracting(Finding::kind).contains(Finding.Kind.MISSING);
    }

    @Test
    void productsAndPlansAreMadeOnce() {
        PayPalCatalog catalog = provider.catalog();
        assertThat(catalog.product("MORTISE-1", "Calls")).isEqualTo("MORTISE-1");
        assertThat(catalog.product("MORTISE-1", "Calls")).isEqualTo("MORTISE-1");
        Money price = Money.of("29.00", USD);
        paypal.fail("POST /v1/billing/plans", Fault.ANSWER_LOST);
        assertThatThrownBy(() -> catalog.plan("MORTISE-1", "starter@1 USD", price, 1, 14))
                .hasMessageContaining("cannot be reached");
        String plan = catalog.plan("MORTISE-1", "starter@1 USD", price, 1, 14);
        assertThat(catalog.plan("MORTISE-1", "starter@1 USD", price, 1, 14)).isEqualTo(plan);
        String yen = catalog.plan("MORTISE-1", "starter@1 JPY", Money.of("2900", Currency.getInstance("JPY")), 12, 0);
        assertThat(yen).isNotEqualTo(plan);
        assertThat(paypal.calls("POST /v1/billing/plans"))
                .as("whose answer was lost is found by its name")
                .isEqualTo(2);
        assertThat(paypal.calls("POST /v1/catalogs/products")).isEqualTo(1);
        assertThatThrownBy(() -> catalog.plan(
                        "MORTISE-1", "starter@1 HUF", Money.of("10000.50", Currency.getInstance("HUF")), 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Signatures

    private int send(String body, Map<String, String> fields) throws Exception {
        return host.post("/webhooks/paypal", body.getBytes(StandardCharsets.UTF_8), fields)
                .statusCode();
    }

    private String event() {
        paypal.event("BILLING.SUBSCRIPTION.UPDATED", "I-0000000042");
        return paypal.events.removeLast().body();
    }

    private Map<String, String> signed(String body, String signer, Duration ago) {
        return paypal.signed(
                body.getBytes(StandardCharsets.UTF_8), signer, clock.instant().minus(ago));
    }

    private static final String FETCH = "GET /v1/billing/subscriptions/{id}";
    private static final String CERTIFICATE = "GET /v1/notifications/certs/:name";

    @Test
    void onlyWhoHasPayPalsCertificateIsHeard() throws Exception {
        String body = event();
        for (String signer : List.of("other", "hidden", "past", "curve", "self")) {
            assertThat(send(body, signed(body, signer, Duration.ZERO)))
                    .as(signer)
                    .isEqualTo(400);
        }
        assertThat(paypal.calls(FETCH)).isZero();
        assertThat(send(body, signed(body, "paypal", Duration.ZERO))).isEqualTo(200);
        assertThat(paypal.calls(FETCH)).isEqualTo(1);
        int certificates = paypal.calls(CERTIFICATE);
        String other = event();
        assertThat(send(other, signed(other, "paypal", Duration.ZERO))).isEqualTo(200);
        assertThat(paypal.calls(CERTIFICATE)).as("it is kept").isEqualTo(certificates);
        clock.advance(Duration.ofDays(3650));
        assertThat(send(body, signed(body, "paypal", Duration.ZERO)))
                .as("but not longer than it is valid")
                .isEqualTo(400);
    }

    @Test
    void nothingIsFetchedFromAnAddressThatIsNotPayPals() throws Exception {
        String body = event();
        String here = paypal.uri().toString();
        for (String address : List.of(
                "http://169.254.169.254/v1/notifications/certs/CERT-paypal",
                here.replace("127.0.0.1", "localhost") + "/v1/notifications/certs/CERT-paypal",
                here + ".evil.test/v1/notifications/certs/CERT-paypal",
                here + "@evil.test/v1/notifications/certs/CERT-paypal",
                here + "/v1/notifications/certs/../../x",
                here + "/v1/notifications/certs/CERT-paypal?x=y",
                here + "/v1/notifications/certs/",
                here + "/v1/oauth2/token",
                "https://api.paypal.com/v1/notifications/certs/CERT-paypal",
                "file:///etc/passwd")) {
            Map<String, String> fields = new HashMap<>(signed(body, "paypal", Duration.ZERO));
            fields.put("PAYPAL-CERT-URL", address);
            assertThat(send(body, fields)).as(address).isEqualTo(400);
        }
        assertThat(paypal.allCalls()).isZero();
    }

    @Test
    void fieldsThatAreWrongAreRejected() throws Exception {
        String body = event();
        Map<String, String> good = signed(body, "paypal", Duration.ZERO);
        for (String field : good.keySet()) {
            Map<String, String> fields = new HashMap<>(good);
            fields.remove(field);
            assertThat(send(body, fields)).as("without " + field).isEqualTo(400);
            fields.put(field, "x|y\u00e9");
            assertThat(send(body, fields)).as("malformed " + field).isEqualTo(400);
        }
        Map<String, String> weak = new HashMap<>(good);
        weak.put("PAYPAL-AUTH-ALGO", "SHA1withRSA");
        assertThat(send(body, weak)).isEqualTo(400);
        assertThat(send(body.replace("{\"id\"", "{ \"id\""), good))
                .as("other bytes")
                .isEqualTo(400);
        assertThat(send(body, signed(body, "paypal", Duration.ofDays(5)))).isEqualTo(400);
        assertThat(send(body, signed(body, "paypal", Duration.ofMinutes(-6)))).isEqualTo(400);
        for (String garbage :
                List.of("", "null", "{}", "[", "{\"id\":\"WH-1\",\"id\":\"WH-2\",\"event_type\":\"X\"}")) {
            assertThat(send(garbage, signed(garbage, "paypal", Duration.ZERO)))
                    .as(garbage)
                    .isEqualTo(400);
        }
        assertThat(paypal.calls(FETCH)).isZero();
    }

    @Test
    void aCertificateThatCannotBeHadNowIsAskedForAgain() throws Exception {
        String body = event();
        paypal.fail(CERTIFICATE, Fault.BROKEN);
        assertThat(send(body, signed(body, "paypal", Duration.ZERO))).isEqualTo(503);
        assertThat(send(body, signed(body, "paypal", Duration.ZERO))).isEqualTo(200);
    }
}
