package dev.mortise.billing.payment.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.PaymentStanding;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanHistory;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that nobody here knew of, from the first page to the last notification. */
class WalletPaymentsTest {
    private static final Currency CNY = Currency.getInstance("CNY");
    private static final URI BACK = URI.create("https://shop.test/back");

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final FakeWallet wallet = new FakeWallet(clock);
    private PaymentHome home;
    private PlanHistory history;
    private Payments payments;
    private WebhookHost host;

    @BeforeEach
    void start() throws Exception {
        home = PaymentHome.sqlite(directory);
        history = new PlanHistory(home.database());
        payments = Payments.builder(home.database())
                .provider(new WalletProvider(
                        wallet.uri().resolve("/gateway.do"),
                        "2021001",
                        wallet.merchant.getPrivate(),
                        wallet.wallet.getPublic()))
                .prices(PriceList.of(List.of(new PlanPrice("starter", CNY, "wallet", "monthly-199"))))
                .changes(history)
                .grace(Duration.ofDays(3))
                .clock(clock)
                .migrate();
        host = new WebhookHost(payments.routes());
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        home.close();
        wallet.close();
        assertThat(wallet.complaints()).isEmpty();
    }

    private HttpResponse<String> send(SignedForm form) throws Exception {
        return host.post("/webhooks/wallet", form.encoded().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private OperationResult checkout() {
        return payments.checkout("acme", "r1", "wallet", "starter", CNY, Duration.ZERO, BACK, BACK);
    }

    @Test
    void anAgreementIsSignedOverdueAndEnded() throws Exception {
        wallet.fail("POST /gateway.do", Fault.ANSWER_LOST);
        assertThat(checkout()).isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        String number = ((OperationResult.Awaiting) checkout()).operation();
        assertThat(wallet.agreements).hasSize(1);
        wallet.sign(number);
        HttpResponse<String> answer = send(wallet.notification(number, "2021001"));
        assertThat(answer.body()).isEqualTo("success");
        assertThat(payments.access().of("acme").plan()).isEqualTo("starter");
        wallet.overdue(number);
        SignedForm twice = wallet.notification(number, "2021001");
        assertThat(send(twice).body()).isEqualTo("success");
        assertThat(send(twice).body()).isEqualTo("success");
        assertThat(payments.access().of("acme").standing()).isEqualTo(PaymentStanding.GRACE);
        clock.advance(Duration.ofDays(3));
        payments.run();
        wallet.sign(number);
        payments.reconcile(10);
        assertThat(payments.cancel("acme", "c1", Operation.CancelWhen.NOW)).isInstanceOf(OperationResult.Done.class);
        assertThat(history.of("acme"))
                .containsExactly("GOOD starter", "GRACE starter", "SUSPENDED null", "GOOD starter", "ENDED null");
    }

    @Test
    void onlyTheWalletIsHeardAndOnlyWhatItIsAskedIsBelieved() throws Exception {
        String number = ((OperationResult.Awaiting) checkout()).operation();
        SignedForm genuine = wallet.notification(number, "2021001");
        for (String field : List.of("out_no", "notify_id", "app_id", "sign", "sign_type")) {
            TreeMap<String, String> changed = new TreeMap<>(genuine.fields());
            changed.put(field, "x");
            assertThat(send(new SignedForm(changed)).statusCode()).as(field).isEqualTo(400);
        }
        int calls = wallet.allCalls();
        assertThat(send(wallet.notification(number, "another")).body()).isEqualTo("success");
        assertThat(wallet.allCalls()).isEqualTo(calls);
        // Genuine, and there is nothing to it yet.
        assertThat(send(genuine).body()).isEqualTo("success");
        assertThat(payments.access().of("acme").plan()).isNull();
        wallet.fail("POST /gateway.do", Fault.BROKEN);
        assertThat(send(wallet.notification(number, "2021001")).body()).isNotEqualTo("success");
    }
}
