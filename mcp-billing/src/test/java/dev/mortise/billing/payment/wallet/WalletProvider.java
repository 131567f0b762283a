package dev.mortise.billing.payment.wallet;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.PaymentProvider;
import dev.mortise.billing.payment.Performed;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderSubscription;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.SubscriptionStatus;
import dev.mortise.billing.payment.WebhookEvent;
import dev.mortise.billing.payment.WebhookVerdict;
import dev.mortise.billing.payment.internal.BoundedHttp;
import dev.mortise.mcp.http.HttpRoute;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A third provider, as an example of how one is written: a wallet in the manner of Alipay and WeChat Pay. One gateway
 * takes signed forms and gives signed forms; agreements are known by the merchant's own number, so nothing has to be
 * searched; the wallet tells of changes by a signed notification, and repeats it until it hears the word "success".
 */
final class WalletProvider implements PaymentProvider {
    private static final Currency CNY = Currency.getInstance("CNY");

    private final URI gateway;
    private final String app;
    private final PrivateKey ours;
    private final PublicKey theirs;
    private final BoundedHttp http = BoundedHttp.standard(Duration.ofSeconds(5));

    WalletProvider(URI gateway, String app, PrivateKey ours, PublicKey theirs) {
        this.gateway = gateway;
        this.app = app;
        this.ours = ours;
        this.theirs = theirs;
    }

    @Override
    public String name() {
        return "wallet";
    }

    /** The merchant's number is remembered for ever. */
    @Override
    public Duration repeatable() {
        return Duration.ofDays(3650);
    }

    @Override
    public @Nullable String customer(String tenant) {
        return null;
    }

    @Override
    public Performed perform(Operation operation) {
        return switch (operation) {
            case Operation.Checkout checkout -> {
                SignedForm answer = call(Map.of(
                        "method", "agreement.sign",
                        "out_no", checkout.id(),
                        "product", checkout.price().id(),
                        "return_url", checkout.returnUrl().toString()));
                yield new Performed.Awaiting(
                        checkout.id(),
                        URI.create(answer.get("page")),
                        Instant.parse(answer.get("expires")),
                        checkout.id());
            }
            case Operation.Cancel cancel -> {
                call(Map.of("method", "agreement.unsign", "out_no", cancel.subscription()));
                yield new Performed.Done(cancel.subscription());
            }
            case Operation.Subscribe subscribe ->
                throw new ProviderRefused("approval_needed", "Agreements are signed in the wallet");
            case Operation.Change change ->
                throw new ProviderRefused("unsupported", "An agreement is ended and another signed");
        };
    }

    @Override
    public Optional<Performed> find(Operation operation, @Nullable String reference) {
        if (!(operation instanceof Operation.Checkout checkout)) {
            return Optional.empty();
        }
        SignedForm answer = call(Map.of("method", "agreement.query", "out_no", checkout.id()));
        return switch (answer.get("status")) {
            case "NORMAL", "OVERDUE", "STOP" -> Optional.of(new Performed.Done(checkout.id()));
            case "TEMP" ->
                Optional.of(new Performed.Awaiting(
                        checkout.id(),
                        URI.create(answer.get("page")),
                        Instant.parse(answer.get("expires")),
                        checkout.id()));
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<ProviderSubscription> subscription(String id) {
        SignedForm answer = call(Map.of("method", "agreement.query", "out_no", id));
        SubscriptionStatus status = switch (answer.get("status")) {
            case "NORMAL" -> SubscriptionStatus.ACTIVE;
            case "OVERDUE" -> SubscriptionStatus.PAST_DUE;
            case "STOP" -> SubscriptionStatus.ENDED;
            default -> SubscriptionStatus.PENDING;
        };
        if (answer.get("status").isEmpty()) {
            return Optional.empty();
        }
        String owed = answer.get("owed");
        return Optional.of(new ProviderSubscription(
                id,
                null,
                id,
                answer.get("product"),
                false,
                status,
                null,
                answer.get("paid_through").isEmpty() ? null : Instant.parse(answer.get("paid_through")),
                null,
                false,
                owed.isEmpty() ? null : Money.of(owed, CNY),
                answer.get("overdue_since").isEmpty() ? null : Instant.parse(answer.get("overdue_since")),
                null));
    }

    /** Forms are trusted by their signature alone; what they say is then asked for. */
    @Override
    public WebhookVerdict read(HttpRoute.Request request, Instant now) {
        SignedForm form;
        try {
            form = SignedForm.parse(new String(request.body(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return new WebhookVerdict.Rejected(400, "It is no form");
        }
        if (!form.isSignedBy(theirs)) {
            return new WebhookVerdict.Rejected(400, "It is not signed by the wallet");
        }
        if (!form.get("app_id").equals(app)) {
            return new WebhookVerdict.Ignored("It is for another application");
        }
        String id = form.get("notify_id");
        String agreement = form.get("out_no");
        return id.isEmpty() || id.length() > 100 || !agreement.matches("[A-Za-z0-9-]{1,64}")
                ? new WebhookVerdict.Rejected(400, "It is signed and no notification")
                : new WebhookVerdict.Accepted(
                        new WebhookEvent.SubscriptionChanged(id, form.get("notify_type"), agreement));
    }

    @Override
    public HttpRoute.Response thanks() {
        return HttpRoute.Response.text(200, "success");
    }

    private SignedForm call(Map<String, String> fields) {
        SignedForm form = SignedForm.of(fields);
        form.fields().put("app_id", app);
        BoundedHttp.Answer answer;
        try {
            answer = http.send(HttpRequest.newBuilder(gateway)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form.signed(ours).encoded()))
                    .build());
        } catch (IOException e) {
            throw new ProviderUnavailable("The wallet cannot be reached", e);
        }
        if (answer.status() != 200) {
            throw new ProviderUnavailable("The wallet answered " + answer.status(), answer.retryAfter(), null);
        }
        SignedForm said = SignedForm.parse(new String(answer.body(), StandardCharsets.UTF_8));
        if (!said.isSignedBy(theirs)) {
            throw new ProviderUnavailable("Somebody else answered in the wallet's place", null);
        }
        if (!said.get("code").equals("10000")) {
            throw new ProviderRefused(said.get("code"), "The wallet refused");
        }
        return said;
    }
}
