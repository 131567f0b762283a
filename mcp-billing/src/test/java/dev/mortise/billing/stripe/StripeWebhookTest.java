package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send webhooks of Stripe, and what is done about whom: an accepted one is seen to be fetched. */
class StripeWebhookTest {
    private static final String FETCH = "GET /v1/subscriptions/:id";

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final FakeStripe stripe = new FakeStripe(clock);
    private PaymentHome home;
    private WebhookHost host;
    private WebhookHost connected;

    @BeforeEach
    void start() throws Exception {
        home = PaymentHome.sqlite(directory);
        host = host(null);
        connected = host("acct_1");
    }

    private WebhookHost host(String account) throws Exception {
        StripeBuilder builder = StripeProvider.builder(FakeStripe.KEY, List.of("whsec_next", FakeStripe.SECRET))
                .server(stripe.uri(), stripe.uri())
                .clock(clock);
        if (account != null) {
            builder.account(account);
        }
        return new WebhookHost(Payments.builder(home.database())
                .provider(builder.build())
                .clock(clock)
                .migrate()
                .routes());
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        connected.close();
        home.close();
        stripe.close();
    }

    private static String event(String more) {
        return """
                {"id":"evt_1","object":"event","api_version":"2019-02-19","livemode":false,\
                "type":"customer.subscription.updated","data":{"object":{"id":"sub_1"}}%s}""".formatted(more);
    }

    private int send(WebhookHost to, byte[] body, String signature) throws Exception {
        return to.post("/webhooks/stripe", body, Map.of("Stripe-Signature", signature))
                .statusCode();
    }

    private String signed(String body, String secret, long secondsFromNow) throws Exception {
        return Webhook.Signature.generateSignatureHeader(
                body, secret, clock.instant().getEpochSecond() + secondsFromNow);
    }

    private int send(String body) throws Exception {
        return send(host, FakeStripe.bytes(body), signed(body, FakeStripe.SECRET, 0));
    }

    @Test
    void eitherOfTwoSecretsWillDo() throws Exception {
        String body = event("");
        assertThat(send(host, FakeStripe.bytes(body), signed(body, FakeStripe.SECRET, 0)))
                .isEqualTo(200);
        assertThat(stripe.calls(FETCH)).isEqualTo(1);
        String other = body.replace("evt_1", "evt_2");
        assertThat(send(host, FakeStripe.bytes(other), signed(other, "whsec_next", 0)))
                .isEqualTo(200);
        assertThat(stripe.calls(FETCH)).isEqualTo(2);
        assertThat(send(host, FakeStripe.bytes(body), signed(body, "whsec_last", 0)))
                .isEqualTo(400);
        // While a secret is rolled, Stripe signs with both.
        String both = signed(body, "whsec_last", 0) + ","
                + signed(body, FakeStripe.SECRET, 0).replaceAll("^t=[0-9]+,", "");
        assertThat(send(host, FakeStripe.bytes(body.replace("evt_1", "evt_3")), both))
                .isEqualTo(400);
        assertThat(send(host, FakeStripe.bytes(body), both)).isEqualTo(200);
    }

    @Test
    void timeIsWithinFiveMinutesBothWays() throws Exception {
        String body = event("");
        byte[] bytes = FakeStripe.bytes(body);
        assertThat(send(host, bytes, signed(body, FakeStripe.SECRET, -301))).isEqualTo(400);
        assertThat(send(host, bytes, signed(body, FakeStripe.SECRET, 301))).isEqualTo(400);
        assertThat(stripe.calls(FETCH)).isZero();
        assertThat(send(host, bytes, signed(body, FakeStripe.SECRET, 300))).isEqualTo(200);
        assertThat(send(host, bytes, signed(body, FakeStripe.SECRET, -300))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t",
                "t=",
                "t=,v1=",
                "t=abc,v1=00",
                "t=99999999999999999999,v1=00",
                "t=-5,v1=00",
                "=,=",
                "v1=00",
                "t=1",
                "t=1,t=1,v1=00",
                "t=1;v1=00",
                "t=1,v1=zz",
                ",,,,",
                "t=1,v0=0000000000000000000000000000000000000000000000000000000000000000"
            })
    void malformedFieldsAreRejected(String field) throws Exception {
        assertThat(send(host, FakeStripe.bytes(event("")), field)).isEqualTo(400);
        assertThat(stripe.allCalls()).isZero();
    }

    @Test
    void noFieldTwoFieldsAndLongOnesAreRejected() throws Exception {
        byte[] body = FakeStripe.bytes(event(""));
        assertThat(host.post("/webhooks/stripe", body, Map.of()).statusCode()).isEqualTo(400);
        String signature = signed(event(""), FakeStripe.SECRET, 0);
        assertThat(host.post(
                                "/webhooks/stripe",
                                body,
                                Map.of("Stripe-Signature", signature, "stripe-signature", signature))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(host, body, signature + ",v1=" + "0".repeat(4100))).isEqualTo(400);
        assertThat(stripe.allCalls()).isZero();
    }

    @Test
    void bytesAreSignedAndNotWhatTheyMean() throws Exception {
        String body = event("");
        String signature = signed(body, FakeStripe.SECRET, 0);
        assertThat(send(host, FakeStripe.bytes(body.replace("{\"id\"", "{ \"id\"")), signature))
                .isEqualTo(400);
        byte[] latin = body.replace("updated", "updat\u00e9d").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(send(host, latin, signature)).isEqualTo(400);
        assertThat(send(host, new byte[0], signature)).isEqualTo(400);
    }

    @Test
    void signedGarbageIsRejected() throws Exception {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"id\":\"evt_1\"",
                "\"evt_1\"",
                "{\"id\":7,\"type\":\"invoice.paid\",\"livemode\":false}",
                "{\"id\":\"../../x\",\"type\":\"invoice.paid\",\"livemode\":false}",
                "{\"id\":\"evt_1\",\"id\":\"evt_2\",\"type\":\"invoice.paid\",\"livemode\":false}",
                "{\"id\":\"evt_1\",\"type\":\"invoice.paid\",\"livemode\":\"false\"}",
                event("").replace("updated", "upd\\u0000ated"),
                event("").replace("updated", "x".repeat(220)),
                "[".repeat(100_000))) {
            assertThat(send(body)).as(body).isEqualTo(400);
        }
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertThat(send(host, noise, signed("x", FakeStripe.SECRET, 0))).isEqualTo(400);
        }
        assertThat(stripe.allCalls()).isZero();
    }

    @Test
    void theOtherModeAndOtherAccountsAreNotOurs() throws Exception {
        assertThat(send(event("").replace("\"livemode\":false", "\"livemode\":true")))
                .isEqualTo(200);
        assertThat(send(event(",\"account\":\"acct_1\""))).isEqualTo(200);
        String body = event("");
        assertThat(send(connected, FakeStripe.bytes(body), signed(body, FakeStripe.SECRET, 0)))
                .isEqualTo(200);
        String other = event(",\"account\":\"acct_2\"");
        assertThat(send(connected, FakeStripe.bytes(other), signed(other, FakeStripe.SECRET, 0)))
                .isEqualTo(200);
        assertThat(stripe.calls(FETCH)).isZero();
        String ours = event(",\"account\":\"acct_1\"");
        assertThat(send(connected, FakeStripe.bytes(ours), signed(ours, FakeStripe.SECRET, 0)))
                .isEqualTo(200);
        assertThat(stripe.calls(FETCH)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // An invoice as it was until 2025, as it is since, and with its subscription expanded.
                "{\"type\":\"invoice.paid\",\"data\":{\"object\":{\"subscription\":\"sub_1\"}}",
                "{\"type\":\"invoice.payment_failed\",\"data\":{\"object\":{\"parent\":{\"subscription_details\":{\"subscription\":\"sub_1\"}}}}",
                "{\"type\":\"invoice.paid\",\"data\":{\"object\":{\"subscription\":{\"id\":\"sub_1\"}}}",
                "{\"type\":\"checkout.session.completed\",\"data\":{\"object\":{\"subscription\":\"sub_1\"}}",
                "{\"type\":\"customer.subscription.something_new\",\"data\":{\"object\":{\"id\":\"sub_1\",\"new\":[]}}",
                "{\"object\":\"v2.core.event\",\"type\":\"v1.customer.subscription.updated\",\"related_object\":{\"id\":\"sub_1\",\"type\":\"subscription\"}"
            })
    void whateverNamesASubscriptionHasItFetched(String start) throws Exception {
        assertThat(send(start + ",\"id\":\"evt_1\",\"livemode\":false}")).isEqualTo(200);
        assertThat(stripe.calls(FETCH)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"charge.refunded\",\"data\":{\"object\":{\"id\":\"ch_1\"}}",
                "{\"type\":\"invoice.paid\",\"data\":{\"object\":{\"subscription\":null}}",
                "{\"type\":\"customer.subscription.updated\",\"data\":{\"object\":{\"id\":\"../../v1/account\"}}",
                "{\"type\":\"customer.subscription.updated\",\"data\":7",
                "{\"object\":\"v2.core.event\",\"type\":\"v2.core.account.created\""
            })
    void whatNamesNoneIsAcknowledged(String start) throws Exception {
        assertThat(send(start + ",\"id\":\"evt_1\",\"livemode\":false}")).isEqualTo(200);
        assertThat(stripe.allCalls()).isZero();
    }
}
