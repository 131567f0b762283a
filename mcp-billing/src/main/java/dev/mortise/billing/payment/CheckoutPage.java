package dev.mortise.billing.payment;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.http.HttpRoute.Request;
import dev.mortise.mcp.http.HttpRoute.Response;
import dev.mortise.mcp.store.StoreUnavailable;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page of the host that refusals name as the place to upgrade: it knows who is there in the host's own way, has them choose
 * a plan, begins a checkout and sends the browser on to the provider. The provider's address is in that redirect and nowhere
 * else: no model, no log and no other client ever sees it (MCP, URL mode elicitation: who opens a page must be who was asked).
 * Thread-safe.
 *
 * <pre>{@code
 * CheckoutPage page = CheckoutPage.at("/upgrade", payments, request -> sessions.visitor(request.head()))
 *         .offering(List.of(new Offer("professional", "stripe", USD, "Professional", "$99 a month")))
 *         .backTo(URI.create("https://example.com/welcome"), URI.create("https://example.com/upgrade"));
 * page.routes().forEach(builder::route);
 * }</pre>
 *
 * <p>What the form sends is taken only from this very page, by the {@code Origin} that browsers name with it; the form has a
 * number, so that who presses the button twice begins one checkout. A tenant that has a subscription is sent to the provider's
 * page for it, where it has one.
 *
 * <p>A host that shows the plans on a page of its own calls {@link #choose} for its form, and says in its own words what came of it.
 */
public final class CheckoutPage {
    private static final Logger LOG = LoggerFactory.getLogger(CheckoutPage.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int LONGEST_FORM = 2_000;

    private final String path;
    private final Payments payments;
    private final Function<Request, Visitor> host;
    private final List<Offer> offers;
    private final URI done;
    private final URI cancelled;
    private final Duration trial;
    private final Language language;

    private CheckoutPage(
            String path,
            Payments payments,
            Function<Request, Visitor> host,
            List<Offer> offers,
            URI done,
            URI cancelled,
            Duration trial,
            Language language) {
        this.path = path;
        this.payments = payments;
        this.host = host;
        this.offers = List.copyOf(offers);
        this.done = done;
        this.cancelled = cancelled;
        this.trial = trial;
        this.language = language;
    }

    /**
     * Begins with where it is, and with how the host knows who is there.
     *
     * @param visitor who sends a request, by the host's session; it decides whether they may spend their tenant's money
     */
    public static Setup at(String path, Payments payments, Function<Request, Visitor> visitor) {
        return new Setup(path, payments, visitor);
    }

    /** What it sells. Not thread-safe. */
    public static final class Setup {
        private final String path;
        private final Payments payments;
        private final Function<Request, Visitor> visitor;
        private List<Offer> offers = List.of();
        private Duration trial = Duration.ZERO;
        private Language language = Language.ENGLISH;

        private Setup(String path, Payments payments, Function<Request, Visitor> visitor) {
            this.path = path;
            this.payments = payments;
            this.visitor = visitor;
        }

        /** In the order in which they are shown. */
        public Setup offering(List<Offer> newOffers) {
            this.offers = List.copyOf(newOffers);
            return this;
        }

        /** In whole days; none unless set. */
        public Setup trial(Duration newTrial) {
            this.trial = newTrial;
            return this;
        }

        /** Whose language the page is in; English unless set. What is offered is in the words of the {@link Offer}. */
        public Setup wording(Wording wording) {
            this.language = wording.language();
            return this;
        }

        /**
         * Finishes with where the provider sends the browser afterwards. Neither says that anything was paid: only the
         * provider's webhook does.
         */
        public CheckoutPage backTo(URI done, URI cancelled) {
            return new CheckoutPage(path, payments, visitor, offers, done, cancelled, trial, language);
        }
    }

    /** To be mounted beside the endpoint. */
    public List<HttpRoute> routes() {
        CheckoutReplies replies = new CheckoutReplies(path, language);
        return List.of(
                HttpRoute.get(path, request -> show(replies, request)),
                HttpRoute.post(path, request -> replies.of(choose(request))));
    }

    private Response show(CheckoutReplies replies, Request request) {
        return switch (host.apply(request)) {
            case Visitor.Unknown unknown -> replies.of(new Choice.GoTo(unknown.signIn()));
            case Visitor.NotAllowed not -> replies.of(new Choice.NotAllowed());
            case Visitor.SignedIn visitor -> replies.form(offers, number());
        };
    }

    /** What a form has to send as its {@code number}: a new one each time that it is shown. */
    public static String number() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Takes a form: begins a checkout, unless something speaks against it. Never waits for a provider for long.
     *
     * @param request a POST of the fields {@code offer} ({@link Offer#key}) and {@code number} ({@link #number})
     */
    public Choice choose(Request request) {
        if (!isFromThisPage(request)) {
            return new Choice.NotFromHere();
        }
        return switch (host.apply(request)) {
            case Visitor.Unknown unknown -> new Choice.GoTo(unknown.signIn());
            case Visitor.NotAllowed not -> new Choice.NotAllowed();
            case Visitor.SignedIn visitor -> choose(visitor.tenant(), fields(request.body()));
        };
    }

    /** Browsers say from where a form is sent, and no page can have them say something else (Fetch, section 3.2). */
    private static boolean isFromThisPage(Request request) {
        URI here = request.head().uri();
        List<String> origins = request.head().headers("Origin");
        return origins.size() == 1 && origins.getFirst().equals(here.getScheme() + "://" + here.getRawAuthority());
    }

    private Choice choose(String tenant, Map<String, String> form) {
        Optional<Offer> offer = offers.stream()
                .filter(one -> one.key().equals(form.get("offer")))
                .findFirst();
        String number = form.getOrDefault("number", "");
        if (offer.isEmpty() || !NUMBER.matcher(number).matches()) {
            return new Choice.NoSuchPlan();
        }
        try {
            return begin(tenant, offer.get(), number);
        } catch (StoreUnavailable e) {
            LOG.warn("A checkout could not be begun: {}", e.toString());
            return new Choice.Later(offer.get(), number);
        }
    }

    private Choice begin(String tenant, Offer offer, String number) {
        OperationResult result = checkout(tenant, offer, number);
        if (isOf(result, "beginning_already") && payments.withdraw(tenant)) {
            // The page that was opened before, and left for another plan.
            result = checkout(tenant, offer, number);
        }
        return switch (result) {
            case OperationResult.Awaiting awaiting -> new Choice.GoTo(awaiting.page());
            case OperationResult.Done finished -> new Choice.GoTo(done);
            case OperationResult.Later later -> new Choice.Later(offer, number);
            case OperationResult.Refused refused -> refused(tenant, offer, refused);
        };
    }

    private OperationResult checkout(String tenant, Offer offer, String number) {
        return payments.checkout(
                tenant, "page-" + number, offer.provider(), offer.plan(), offer.currency(), trial, done, cancelled);
    }

    private static boolean isOf(OperationResult result, String code) {
        return result instanceof OperationResult.Refused refused
                && refused.code().equals(code);
    }

    private Choice refused(String tenant, Offer offer, OperationResult.Refused refused) {
        return switch (refused.code()) {
            case "expired", "request_conflict" -> new Choice.GoTo(URI.create(path));
            case "subscribed_already" -> {
                try {
                    yield payments.portal(tenant, offer.provider(), done)
                            .<Choice>map(Choice.GoTo::new)
                            .orElseGet(Choice.SubscribedAlready::new);
                } catch (ProviderException e) {
                    LOG.warn("No page for a subscription could be had: {}", e.toString());
                    yield new Choice.SubscribedAlready();
                }
            }
            default -> {
                LOG.warn("A checkout of {} was refused: {}", offer.key(), refused.code());
                yield new Choice.Refused(refused.code());
            }
        };
    }

    /** The first of each name; nothing of what is no form, or too long to be this one. */
    private static Map<String, String> fields(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        if (body.length > LONGEST_FORM) {
            return fields;
        }
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    fields.putIfAbsent(
                            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    return Map.of();
                }
            }
        }
        return fields;
    }
}
