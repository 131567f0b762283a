package dev.mortise.billing.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Customer;
import com.stripe.model.Subscription;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionRetrieveParams;
import com.stripe.param.billingportal.SessionCreateParams;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.PaymentProvider;
import dev.mortise.billing.payment.Performed;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderSubscription;
import dev.mortise.billing.payment.UsageAnswer;
import dev.mortise.billing.payment.UsageErrors;
import dev.mortise.billing.payment.UsageReport;
import dev.mortise.billing.payment.WebhookVerdict;
import dev.mortise.billing.payment.internal.BoundedHttp;
import dev.mortise.mcp.http.HttpRoute;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stripe: customers, subscriptions, Checkout and the customer portal, meter events, webhooks. Built by {@link #builder}.
 * Thread-safe.
 */
public final class StripeProvider implements PaymentProvider {
    /** Stripe forgets keys after at least a day. */
    private static final Duration REPEATABLE = Duration.ofHours(23);

    private final StripeClient client;
    private final StripeOperations operations;
    private final StripeUsage usage;
    private final StripeEvents events;
    private final boolean live;
    private final boolean metered;

    StripeProvider(StripeBuilder builder) {
        BoundedHttp http = BoundedHttp.standard(builder.deadline);
        this.client = client(builder, builder.key, http);
        this.operations = new StripeOperations(client, builder.usagePrices);
        this.usage = new StripeUsage(
                client, token -> client(builder, token, http), builder.meters, builder.streaming, builder.clock);
        this.live = builder.isLive();
        this.events = new StripeEvents(builder.secrets, live, builder.account);
        this.metered = !builder.meters.isEmpty();
    }

    private static StripeClient client(StripeBuilder builder, String key, BoundedHttp http) {
        StripeClient.StripeClientBuilder client = StripeClient.builder()
                .setApiKey(key)
                .setMaxNetworkRetries(0)
                .setApiBase(builder.apiBase)
                .setMeterEventsBase(builder.meterEventsBase)
                .setHttpClient(new StripeHttp(http));
        if (builder.account != null) {
            client.setStripeAccount(builder.account);
        }
        return client.build();
    }

    /**
     * Begins with the secret or restricted key, whose prefix says whether it is for live or for test mode, and with the
     * signing secrets of the webhook endpoint: several, while one replaces another.
     */
    public static StripeBuilder builder(String key, List<String> webhookSecrets) {
        return new StripeBuilder(key, webhookSecrets);
    }

    @Override
    public String name() {
        return "stripe";
    }

    @Override
    public Duration repeatable() {
        return REPEATABLE;
    }

    /** Looked for first: a key that was forgotten makes no second customer. The search lags by less than a key lives. */
    @Override
    public String customer(String tenant) {
        String query = "metadata['" + StripeSubscriptions.TENANT + "']:'"
                + tenant.replace("\\", "\\\\").replace("'", "\\'") + "'";
        List<Customer> found = StripeCalls.call(() -> client.v1()
                .customers()
                .search(CustomerSearchParams.builder()
                        .setQuery(query)
                        .setLimit(10L)
                        .build())
                .getData());
        return found.stream()
                .min(Comparator.comparing(Customer::getCreated).thenComparing(Customer::getId))
                .map(Customer::getId)
                .orElseGet(() -> make(tenant));
    }

    private String make(String tenant) {
        CustomerCreateParams params = CustomerCreateParams.builder()
                .putMetadata(StripeSubscriptions.TENANT, tenant)
                .build();
        return StripeCalls.call(() -> client.v1()
                .customers()
                .create(params, StripeCalls.key("customer-" + StripeOperations.digest(tenant)))
                .getId());
    }

    @Override
    public Performed perform(Operation operation) {
        return switch (operation) {
            case Operation.Checkout checkout -> operations.checkout(checkout);
            case Operation.Subscribe subscribe -> operations.subscribe(subscribe);
            case Operation.Change change -> operations.change(change);
            case Operation.Cancel cancel -> operations.cancel(cancel);
        };
    }

    @Override
    public Optional<Performed> find(Operation operation, @Nullable String reference) {
        return operations.find(operation, reference);
    }

    @Override
    public void withdraw(String reference) {
        operations.withdraw(reference);
    }

    @Override
    public Optional<URI> portal(String customer, URI returnUrl) {
        SessionCreateParams params = SessionCreateParams.builder()
                .setCustomer(customer)
                .setReturnUrl(returnUrl.toString())
                .build();
        return Optional.of(URI.create(StripeCalls.call(
                () -> client.v1().billingPortal().sessions().create(params).getUrl())));
    }

    @Override
    public Optional<ProviderSubscription> subscription(String id) {
        SubscriptionRetrieveParams params =
                SubscriptionRetrieveParams.builder().addExpand("latest_invoice").build();
        Optional<Subscription> found;
        try {
            found = Optional.of(
                    StripeCalls.call(() -> client.v1().subscriptions().retrieve(id, params)));
        } catch (ProviderRefused e) {
            if (e.getCause() instanceof InvalidRequestException invalid
                    && Integer.valueOf(404).equals(invalid.getStatusCode())) {
                return Optional.empty();
            }
            throw e;
        }
        return found.filter(one -> Boolean.valueOf(live).equals(one.getLivemode()))
                .map(StripeSubscriptions::convert);
    }

    @Override
    public Optional<List<ProviderSubscription>> subscriptions(@Nullable String after) {
        SubscriptionListParams.Builder params = SubscriptionListParams.builder().setLimit(100L);
        if (after != null) {
            params.setStartingAfter(after);
        }
        return Optional.of(StripeCalls.call(
                        () -> client.v1().subscriptions().list(params.build()).getData())
                .stream()
                .map(StripeSubscriptions::convert)
                .toList());
    }

    @Override
    public WebhookVerdict read(HttpRoute.Request request, Instant now) {
        return events.read(request, now);
    }

    @Override
    public boolean takesUsage() {
        return metered;
    }

    /** Identifiers are recognized for at least a day. */
    @Override
    public Duration usageRepeatable() {
        return REPEATABLE;
    }

    @Override
    public List<UsageAnswer> report(List<UsageReport> reports) {
        return usage.report(reports);
    }

    @Override
    public Optional<Long> usage(String customer, String meter, Instant from, Instant to) {
        return usage.total(customer, meter, from, to);
    }

    @Override
    public UsageErrors usageErrors(String report) {
        return usage.errors(report);
    }
}
