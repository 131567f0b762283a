package dev.mortise.billing.stripe;

import com.stripe.StripeClient;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.Performed;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of Stripe, once each. */
final class StripeOperations {
    private final StripeClient client;
    private final Map<String, List<String>> usagePrices;

    StripeOperations(StripeClient client, Map<String, List<String>> usagePrices) {
        this.client = client;
        this.usagePrices = Map.copyOf(usagePrices);
    }

    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    Performed checkout(Operation.Checkout operation) {
        SessionCreateParams.SubscriptionData.Builder data = SessionCreateParams.SubscriptionData.builder()
                .putMetadata(StripeSubscriptions.OPERATION, operation.id())
                .putMetadata(StripeSubscriptions.TENANT, operation.tenant());
        if (operation.trial().toDays() > 0) {
            data.setTrialPeriodDays(operation.trial().toDays());
        }
        SessionCreateParams.Builder params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setCustomer(customer(operation.customer()))
                .setClientReferenceId(operation.id())
                .putMetadata(StripeSubscriptions.OPERATION, operation.id())
                .setSubscriptionData(data.build())
                .setSuccessUrl(operation.returnUrl().toString())
                .setCancelUrl(operation.cancelUrl().toString())
                .addLineItem(SessionCreateParams.LineItem.builder()
                        .setPrice(operation.price().id())
                        .setQuantity(1L)
                        .build());
        for (String metered : metered(operation.price().id())) {
            params.addLineItem(
                    SessionCreateParams.LineItem.builder().setPrice(metered).build());
        }
        Session session = StripeCalls.call(
                () -> client.v1().checkout().sessions().create(params.build(), StripeCalls.key(operation.id())));
        return performed(session).orElseThrow(() -> new ProviderRefused("expired", "The session is over already"));
    }

    /** Empty if nothing comes of it any more. */
    private static Optional<Performed> performed(Session session) {
        return switch (String.valueOf(session.getStatus())) {
            case "open" ->
                Optional.of(new Performed.Awaiting(
                        session.getId(),
                        URI.create(session.getUrl()),
                        Instant.ofEpochSecond(session.getExpiresAt()),
                        session.getSubscription()));
            case "complete" ->
                Optional.of(new Performed.Done(Objects.requireNonNull(
                        session.getSubscription(), "A session of the mode subscription is complete without one")));
            default -> Optional.empty();
        };
    }

    Performed subscribe(Operation.Subscribe operation) {
        SubscriptionCreateParams.Builder params = SubscriptionCreateParams.builder()
                .setCustomer(customer(operation.customer()))
                .addItem(SubscriptionCreateParams.Item.builder()
                        .setPrice(operation.price().id())
                        .build())
                // Nothing comes of it unless it is paid: no half subscription is left to tidy up.
                .setPaymentBehavior(SubscriptionCreateParams.PaymentBehavior.ERROR_IF_INCOMPLETE)
                .putMetadata(StripeSubscriptions.OPERATION, operation.id())
                .putMetadata(StripeSubscriptions.TENANT, operation.tenant());
        for (String metered : metered(operation.price().id())) {
            params.addItem(
                    SubscriptionCreateParams.Item.builder().setPrice(metered).build());
        }
        if (operation.trial().toDays() > 0) {
            params.setTrialPeriodDays(operation.trial().toDays())
                    .setTrialSettings(SubscriptionCreateParams.TrialSettings.builder()
                            .setEndBehavior(SubscriptionCreateParams.TrialSettings.EndBehavior.builder()
                                    .setMissingPaymentMethod(
                                            SubscriptionCreateParams.TrialSettings.EndBehavior.MissingPaymentMethod
                                                    .CANCEL)
                                    .build())
                            .build());
        }
        return new Performed.Done(StripeCalls.call(() -> client.v1()
                .subscriptions()
                .create(params.build(), StripeCalls.key(operation.id()))
                .getId()));
    }

    Performed change(Operation.Change operation) {
        Subscription current = retrieve(operation.subscription());
        SubscriptionItem base = StripeSubscriptions.base(current);
        if (base == null) {
            throw new ProviderRefused("several_prices", "The subscription has not one price that could be changed");
        }
        // Asked again after it was done: the key may have been forgotten, and proration would be new.
        if (base.getPrice().getId().equals(operation.price().id())) {
            return new Performed.Done(current.getId());
        }
        SubscriptionUpdateParams.Builder params = SubscriptionUpdateParams.builder()
                .addItem(SubscriptionUpdateParams.Item.builder()
                        .setId(base.getId())
                        .setPrice(operation.price().id())
                        .build())
                .setProrationBehavior(
                        switch (operation.proration()) {
                            case NEXT_INVOICE -> SubscriptionUpdateParams.ProrationBehavior.CREATE_PRORATIONS;
                            case NOW -> SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE;
                            case NONE -> SubscriptionUpdateParams.ProrationBehavior.NONE;
                        });
        if (operation.proration() == Operation.Proration.NOW) {
            params.setPaymentBehavior(SubscriptionUpdateParams.PaymentBehavior.ERROR_IF_INCOMPLETE);
        }
        if (operation.proration() != Operation.Proration.NONE) {
            params.setProrationDate(operation.at().getEpochSecond());
        }
        exchangeMetered(current, operation.price().id(), params);
        return new Performed.Done(StripeCalls.call(() -> client.v1()
                .subscriptions()
                .update(current.getId(), params.build(), StripeCalls.key(operation.id()))
                .getId()));
    }

    private void exchangeMetered(Subscription current, String price, SubscriptionUpdateParams.Builder params) {
        Set<String> wanted = new HashSet<>(metered(price));
        for (SubscriptionItem item : current.getItems().getData()) {
            if (StripeSubscriptions.isMetered(item)
                    && !wanted.remove(item.getPrice().getId())) {
                params.addItem(SubscriptionUpdateParams.Item.builder()
                        .setId(item.getId())
                        .setDeleted(true)
                        .build());
            }
        }
        wanted.stream()
                .sorted()
                .forEach(metered -> params.addItem(SubscriptionUpdateParams.Item.builder()
                        .setPrice(metered)
                        .build()));
    }

    Performed cancel(Operation.Cancel operation) {
        Subscription current = retrieve(operation.subscription());
        if (current.getEndedAt() != null || isCancelled(current, operation.when())) {
            return new Performed.Done(current.getId());
        }
        return switch (operation.when()) {
            case NOW -> {
                StripeCalls.call(
                        () -> client.v1().subscriptions().cancel(current.getId(), StripeCalls.key(operation.id())));
                yield new Performed.Done(current.getId());
            }
            case AT_PERIOD_END -> {
                SubscriptionUpdateParams params = SubscriptionUpdateParams.builder()
                        .setCancelAtPeriodEnd(true)
                        .build();
                StripeCalls.call(() ->
                        client.v1().subscriptions().update(current.getId(), params, StripeCalls.key(operation.id())));
                yield new Performed.Done(current.getId());
            }
        };
    }

    private static boolean isCancelled(Subscription subscription, Operation.CancelWhen when) {
        return when == Operation.CancelWhen.AT_PERIOD_END && Boolean.TRUE.equals(subscription.getCancelAtPeriodEnd());
    }

    Optional<Performed> find(Operation operation, @Nullable String reference) {
        return switch (operation) {
            case Operation.Checkout checkout ->
                reference == null
                        ? findSession(checkout)
                        : performed(StripeCalls.call(
                                () -> client.v1().checkout().sessions().retrieve(reference)));
            case Operation.Subscribe subscribe -> findSubscription(subscribe);
            // These look at how things are before they do anything.
            case Operation.Change change -> Optional.empty();
            case Operation.Cancel cancel -> Optional.empty();
        };
    }

    private Optional<Performed> findSession(Operation.Checkout operation) {
        SessionListParams params = SessionListParams.builder()
                .setCustomer(customer(operation.customer()))
                .setLimit(100L)
                .build();
        List<Session> sessions = StripeCalls.call(
                () -> client.v1().checkout().sessions().list(params).getData());
        return sessions.stream()
                .filter(session -> session.getMetadata() != null
                        && operation.id().equals(session.getMetadata().get(StripeSubscriptions.OPERATION)))
                .findFirst()
                .flatMap(StripeOperations::performed);
    }

    private Optional<Performed> findSubscription(Operation.Subscribe operation) {
        SubscriptionListParams params = SubscriptionListParams.builder()
                .setCustomer(customer(operation.customer()))
                .setStatus(SubscriptionListParams.Status.ALL)
                .setLimit(100L)
                .build();
        List<Subscription> all =
                StripeCalls.call(() -> client.v1().subscriptions().list(params).getData());
        return all.stream()
                .filter(one ->
                        operation.id().equals(StripeSubscriptions.metadata(one).get(StripeSubscriptions.OPERATION)))
                .findFirst()
                .map(one -> new Performed.Done(one.getId()));
    }

    void withdraw(String session) {
        try {
            StripeCalls.call(() -> client.v1().checkout().sessions().expire(session));
        } catch (ProviderRefused e) {
            // Used or over by now: whoever asked looks at it next.
            if (e.getCause() == null) {
                throw e;
            }
        }
    }

    private Subscription retrieve(String id) {
        Subscription subscription =
                StripeCalls.call(() -> client.v1().subscriptions().retrieve(id));
        if (subscription.getItems() == null) {
            throw new ProviderUnavailable("Stripe gave a subscription without items", null);
        }
        return subscription;
    }

    private List<String> metered(String price) {
        return usagePrices.getOrDefault(price, List.of());
    }

    private static String customer(@Nullable String customer) {
        return Objects.requireNonNull(customer, "Stripe has a customer for each tenant");
    }
}
