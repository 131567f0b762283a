package dev.mortise.billing.paypal;

import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.PaymentProvider;
import dev.mortise.billing.payment.Performed;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderSubscription;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.SubscriptionStatus;
import dev.mortise.billing.payment.WebhookVerdict;
import dev.mortise.billing.payment.internal.BoundedHttp;
import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * PayPal: subscriptions that a payer approves on a page of PayPal's, and webhooks. Built by {@link #builder}. Thread-safe.
 *
 * <p>PayPal has no customers, no list of subscriptions, no usage, and no end at the end of a period: one that is to end
 * there is ended at once, and entitles until what was paid for is over. Trials stand in the plan.
 */
public final class PayPalProvider implements PaymentProvider {
    /** PayPal forgets request ids after three days. */
    private static final Duration REPEATABLE = Duration.ofHours(71);

    /** How long a page is waited for; PayPal's own time is not told. */
    private static final Duration PAGE = Duration.ofHours(3);

    private final PayPalApi api;
    private final PayPalEvents events;
    private final PayPalCatalog catalog;
    private final Clock clock;

    PayPalProvider(PayPalBuilder builder) {
        BoundedHttp http = BoundedHttp.standard(builder.deadline);
        this.clock = builder.clock;
        this.api = new PayPalApi(builder.server, builder.clientId, builder.clientSecret, http, clock);
        this.catalog = new PayPalCatalog(api);
        this.events = new PayPalEvents(new PayPalSignature(
                builder.certificateOrigins, builder.certificateName, builder.webhookId, builder.anchors(), http));
    }

    /** Begins with the client's id and secret, and PayPal's id of the webhook. In the sandbox unless {@code live} is set. */
    public static PayPalBuilder builder(String clientId, String clientSecret, String webhookId) {
        return new PayPalBuilder(clientId, clientSecret, webhookId);
    }

    /** Products and plans, to be made once. */
    public PayPalCatalog catalog() {
        return catalog;
    }

    @Override
    public String name() {
        return "paypal";
    }

    @Override
    public Duration repeatable() {
        return REPEATABLE;
    }

    @Override
    public @Nullable String customer(String tenant) {
        return null;
    }

    @Override
    public Performed perform(Operation operation) {
        return switch (operation) {
            case Operation.Checkout checkout -> checkout(checkout);
            case Operation.Subscribe subscribe ->
                throw new ProviderRefused("approval_needed", "At PayPal each subscription is approved on a page");
            case Operation.Change change -> change(change);
            case Operation.Cancel cancel -> cancel(cancel);
        };
    }

    private Performed checkout(Operation.Checkout operation) {
        if (!operation.trial().isZero()) {
            throw new ProviderRefused("trial_in_plan", "At PayPal a trial is part of the plan");
        }
        ObjectNode body = PayPalApi.JSON.createObjectNode();
        // What a payer cannot guess: by it the subscription is known to be ours, whatever else a payer can make.
        body.put("plan_id", operation.price().id()).put("custom_id", operation.id());
        ObjectNode context = body.putObject("application_context");
        context.put("user_action", "SUBSCRIBE_NOW")
                .put("shipping_preference", "NO_SHIPPING")
                .put("return_url", operation.returnUrl().toString())
                .put("cancel_url", operation.cancelUrl().toString());
        JsonNode made = api.post("/v1/billing/subscriptions", body, operation.id());
        return performed(made);
    }

    private Performed performed(JsonNode subscription) {
        String id = PayPalSubscriptions.required(subscription, "id");
        return switch (PayPalSubscriptions.convert(subscription).status()) {
            case PENDING ->
                PayPalSubscriptions.approval(subscription)
                        .<Performed>map(page ->
                                new Performed.Awaiting(id, page, clock.instant().plus(PAGE), id))
                        .orElseThrow(() -> new ProviderUnavailable("PayPal gave no page to approve", null));
            case TRIALING, ACTIVE, PAST_DUE, SUSPENDED, ENDED -> new Performed.Done(id);
        };
    }

    private Performed change(Operation.Change operation) {
        JsonNode current = subscriptionNode(operation.subscription());
        if (operation.price().id().equals(current.path("plan_id").asString(""))) {
            return new Performed.Done(operation.subscription());
        }
        ObjectNode body = PayPalApi.JSON.createObjectNode();
        body.put("plan_id", operation.price().id());
        JsonNode revised = api.post(path(operation.subscription()) + "/revise", body, null);
        return PayPalSubscriptions.approval(revised)
                .<Performed>map(page -> new Performed.Awaiting(
                        operation.subscription(), page, clock.instant().plus(PAGE), operation.subscription()))
                .orElseGet(() -> new Performed.Done(operation.subscription()));
    }

    private Performed cancel(Operation.Cancel operation) {
        JsonNode current = subscriptionNode(operation.subscription());
        return switch (PayPalSubscriptions.convert(current).status()) {
            case ENDED -> new Performed.Done(operation.subscription());
            case PENDING ->
                throw new ProviderRefused("not_approved", "What was not approved cannot be cancelled: it lapses");
            case TRIALING, ACTIVE, PAST_DUE, SUSPENDED -> {
                ObjectNode body = PayPalApi.JSON.createObjectNode();
                body.put("reason", "Requested by the subscriber");
                api.post(path(operation.subscription()) + "/cancel", body, null);
                yield new Performed.Done(operation.subscription());
            }
        };
    }

    /** What was made and not known here had no page that anybody could have seen, so it comes to nothing. */
    @Override
    public Optional<Performed> find(Operation operation, @Nullable String reference) {
        return switch (operation) {
            case Operation.Checkout checkout ->
                reference == null ? Optional.empty() : api.get(path(reference)).flatMap(this::found);
            case Operation.Subscribe subscribe -> Optional.empty();
            case Operation.Change change -> {
                JsonNode current = subscriptionNode(change.subscription());
                yield change.price().id().equals(current.path("plan_id").asString(""))
                        ? Optional.of(new Performed.Done(change.subscription()))
                        : reference == null
                                ? Optional.empty()
                                : Optional.of(new Performed.Awaiting(
                                        reference,
                                        URI.create("https://www.paypal.com/"),
                                        clock.instant().plus(PAGE),
                                        reference));
            }
            case Operation.Cancel cancel -> Optional.empty();
        };
    }

    private Optional<Performed> found(JsonNode subscription) {
        boolean over = PayPalSubscriptions.convert(subscription).status() == SubscriptionStatus.ENDED;
        boolean lapsed =
                over && subscription.path("billing_info").path("last_payment").isMissingNode();
        return lapsed ? Optional.empty() : Optional.of(performed(subscription));
    }

    @Override
    public Optional<ProviderSubscription> subscription(String id) {
        return api.get(path(id)).map(PayPalSubscriptions::convert);
    }

    @Override
    public WebhookVerdict read(HttpRoute.Request request, Instant now) {
        return events.read(request, now);
    }

    private JsonNode subscriptionNode(String id) {
        return api.get(path(id)).orElseThrow(() -> new ProviderRefused("RESOURCE_NOT_FOUND", "PayPal knows no " + id));
    }

    private static String path(String subscription) {
        return "/v1/billing/subscriptions/" + URLEncoder.encode(subscription, StandardCharsets.UTF_8);
    }
}
