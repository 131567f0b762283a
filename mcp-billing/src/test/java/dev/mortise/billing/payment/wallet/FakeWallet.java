package dev.mortise.billing.payment.wallet;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.billing.payment.FakeHttp;
import dev.mortise.billing.payment.TestClock;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The wallet's gateway, with keys of its own. */
final class FakeWallet extends FakeHttp {
    final KeyPair merchant = keys();
    final KeyPair wallet = keys();
    final Map<String, Map<String, String>> agreements = new LinkedHashMap<>();
    private final TestClock clock;
    private int notifications;

    FakeWallet(TestClock clock) {
        this.clock = clock;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected String kind(String method, String path) {
        return method + ' ' + path;
    }

    @Override
    protected Reply answer(String kind, HttpExchange exchange, String body) {
        SignedForm form = SignedForm.parse(body);
        Map<String, String> answer = new HashMap<>();
        if (!form.isSignedBy(merchant.getPublic())) {
            complain("It is not signed by the merchant");
            answer.put("code", "40002");
        } else {
            answer.put("code", "10000");
            String number = form.get("out_no");
            switch (form.get("method")) {
                case "agreement.sign" -> {
                    agreements.computeIfAbsent(
                            number,
                            key -> new HashMap<>(Map.of(
                                    "status",
                                    "TEMP",
                                    "product",
                                    form.get("product"),
                                    "page",
                                    "https://wallet.test/sign/" + key,
                                    "expires",
                                    clock.instant().plus(Duration.ofMinutes(30)).toString())));
                    answer.putAll(agreements.get(number));
                }
                case "agreement.query" -> answer.putAll(agreements.getOrDefault(number, Map.of()));
                case "agreement.unsign" -> agreements.get(number).put("status", "STOP");
                default -> complain("There is no method " + form.get("method"));
            }
        }
        return new Reply(200, SignedForm.of(answer).signed(wallet.getPrivate()).encoded(), Map.of());
    }

    /** The payer signs, and pays for a month. */
    void sign(String number) {
        agreements.get(number).put("status", "NORMAL");
        agreements
                .get(number)
                .put("paid_through", clock.instant().plus(Duration.ofDays(30)).toString());
    }

    void overdue(String number) {
        agreements
                .get(number)
                .putAll(Map.of(
                        "status",
                        "OVERDUE",
                        "owed",
                        "199.00",
                        "overdue_since",
                        clock.instant().toString()));
    }

    SignedForm notification(String number, String app) {
        return SignedForm.of(Map.of(
                        "notify_id",
                        "n" + ++notifications,
                        "notify_type",
                        "agreement_changed",
                        "app_id",
                        app,
                        "out_no",
                        number))
                .signed(wallet.getPrivate());
    }
}
