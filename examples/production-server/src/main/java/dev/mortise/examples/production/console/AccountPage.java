package dev.mortise.examples.production.console;

import dev.mortise.billing.payment.CheckoutPage;
import dev.mortise.billing.payment.Offer;
import dev.mortise.billing.payment.Visitor;
import dev.mortise.examples.production.billing.AccountFigures;
import dev.mortise.examples.production.billing.Accounting;
import dev.mortise.examples.production.billing.Payer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Credential;
import dev.mortise.security.access.Form;
import dev.mortise.security.admin.AdministratorApi;
import dev.mortise.security.audit.AuditUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page of an account, for users: what the plan is, what is left of it, and another one. Whoever has a key signs in with
 * it; who has one with the scope {@value #PAY} chooses a plan, and goes on to the page of the provider. It works without
 * scripts. Thread-safe.
 */
public final class AccountPage {
    /** What a key needs to choose plans: at a provider, a subscription may also be ended. */
    public static final String PAY = "account:pay";

    private static final String PATH = "/account";
    private static final int MOST_KEY = 512;

    private final Accounting accounting;
    private final AccountFigures figures;
    private final Authenticator authenticator;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final SignIns signIns;
    private final WrongKeys wrong;
    private final List<Offer> offers;
    private final HttpRoute.@Nullable Handler checkout;
    private final SecureRandom random = new SecureRandom();

    private AccountPage(Accounting accounting, Console.Parts parts, byte[] seal, Clock clock) {
        this.accounting = accounting;
        this.figures = new AccountFigures(accounting, clock);
        this.authenticator = parts.security().authenticator();
        this.sessions = new Sessions(seal, parts.resource() + "\naccount", parts.ended(), clock);
        this.cookie = SessionCookie.ofAccount("https".equals(parts.resource().getScheme()));
        this.signIns = new SignIns(parts.audit(), clock);
        this.wrong = new WrongKeys(clock);
        this.offers = accounting.offers();
        this.checkout = offers.isEmpty() ? null : checkout(parts.resource());
    }

    /** @param seal 32 bytes, the same on all replicas, for this purpose alone */
    public static AccountPage over(Accounting accounting, Console.Parts parts, byte[] seal) {
        return new AccountPage(accounting, parts, seal, Clock.systemUTC());
    }

    /** Its form is shown here; what is sent is left to it. */
    private HttpRoute.Handler checkout(URI resource) {
        return CheckoutPage.at(PATH + "/upgrade", accounting.payments(), this::visitor)
                .offering(offers)
                .backTo(resource.resolve(PATH + "?back=1"), resource.resolve(PATH))
                .routes()
                .stream()
                .filter(route -> route.method().equals("POST"))
                .findFirst()
                .orElseThrow()
                .handler();
    }

    /** To be mounted beside those of the server. */
    public List<HttpRoute> routes() {
        return List.of(
                HttpRoute.get(PATH, guarded(this::show)),
                HttpRoute.get(
                        PATH + "/account.css",
                        PageFiles.handler("/dev/mortise/examples/production/account/account.css")),
                HttpRoute.get(PATH + "/icon.svg", PageFiles.handler("icon.svg")),
                HttpRoute.get(PATH + "/upgrade", request -> AccountHtml.redirect(PATH, Map.of())),
                HttpRoute.post(PATH + "/session", guarded(form(this::begin))),
                HttpRoute.post(PATH + "/end", guarded(form(this::end))),
                HttpRoute.post(PATH + "/upgrade", guarded(form(this::upgrade))));
    }

    private static HttpRoute.Handler guarded(HttpRoute.Handler work) {
        return request -> {
            try {
                return work.handle(request);
            } catch (StoreUnavailable | AuditUnavailable e) {
                return Answers.with(
                        AccountHtml.entrance(PATH, language(request.head()), 503, AccountText.AWAY),
                        "Retry-After",
                        "5");
            }
        };
    }

    private static HttpRoute.Handler form(HttpRoute.Handler work) {
        return request -> OwnPage.isOwnForm(request.head())
                ? work.handle(request)
                : AccountHtml.entrance(PATH, language(request.head()), 403, AccountText.NOT_FROM_HERE);
    }

    /** As its link says, else as the browser prefers. */
    static Language language(HttpHead head) {
        String chosen = Form.parse(head.query().orElse("")).getOrDefault("lang", "");
        String code = chosen.isEmpty() ? head.header("Accept-Language").orElse("en") : chosen;
        return code.toLowerCase(Locale.ROOT).startsWith("zh") ? Language.CHINESE : Language.ENGLISH;
    }

    private record SignedIn(Session session, Caller caller) {}

    /** The key is asked about at every request: what was revoked is signed out. */
    private Optional<SignedIn> signedIn(HttpHead head) {
        return cookie.read(head).flatMap(sessions::open).flatMap(session -> switch (authenticator.authenticate(
                new KeyHead(head, session.key()))) {
            case Authenticator.Admission.Admitted admitted -> Optional.of(new SignedIn(session, admitted.caller()));
            case Authenticator.Admission.Rejected rejected -> unlessUnavailable(rejected.refusal());
        });
    }

    private static Optional<SignedIn> unlessUnavailable(Refusal refusal) {
        if (refusal instanceof Refusal.Unauthenticated || refusal instanceof Refusal.Malformed) {
            return Optional.empty();
        }
        throw new StoreUnavailable("Who is signed in cannot be said now");
    }

    private HttpRoute.Response show(HttpRoute.Request request) {
        boolean back = Form.parse(request.head().query().orElse("")).containsKey("back");
        return shown(request.head(), 200, back ? AccountText.BACK : null, number());
    }

    private HttpRoute.Response shown(HttpHead head, int status, @Nullable AccountText told, String number) {
        Language language = language(head);
        Optional<SignedIn> visitor = signedIn(head);
        if (visitor.isEmpty()) {
            boolean had = cookie.read(head).isPresent();
            HttpRoute.Response entrance =
                    AccountHtml.entrance(PATH, language, status, told == null && had ? AccountText.ENDED : told);
            return had ? Answers.with(entrance, "Set-Cookie", cookie.clear()) : entrance;
        }
        Caller caller = visitor.get().caller();
        String payer = Payer.of(caller);
        HttpRoute.Response page = AccountHtml.account(
                PATH,
                language,
                status,
                told,
                new AccountHtml.Account(
                        caller, figures.plan(payer), figures.quota(payer), mayPay(caller), offers, number));
        Session now = sessions.renewed(visitor.get().session());
        return Answers.with(page, "Set-Cookie", cookie.set(sessions.sealed(now), sessions.left(now)));
    }

    private static boolean mayPay(Caller caller) {
        return caller.tenant().isPresent()
                && (caller.scopes().contains(PAY) || caller.scopes().contains(AdministratorApi.ADMIN));
    }

    /** So that who presses a button twice begins one checkout. */
    private String number() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private HttpRoute.Response begin(HttpRoute.Request request) {
        HttpHead head = request.head();
        Language language = language(head);
        Optional<Duration> wait = wrong.wait(head.remoteAddress());
        if (wait.isPresent()) {
            return Answers.with(
                    AccountHtml.entrance(PATH, language, 429, AccountText.TOO_OFTEN),
                    "Retry-After",
                    Long.toString(wait.get().toSeconds() + 1));
        }
        String key = Form.parse(new String(request.body(), StandardCharsets.UTF_8))
                .getOrDefault("key", "")
                .strip();
        if (key.isEmpty() || key.length() > MOST_KEY || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            return refused(head, 401, AccountText.WRONG_KEY);
        }
        return switch (authenticator.authenticate(new KeyHead(head, key))) {
            case Authenticator.Admission.Rejected rejected -> {
                unlessUnavailable(rejected.refusal());
                yield refused(head, 401, AccountText.WRONG_KEY);
            }
            case Authenticator.Admission.Admitted admitted -> {
                if (!isForEverything(admitted.caller())) {
                    yield refused(head, 403, AccountText.FOR_SOME_TOOLS);
                }
                signIns.record(admitted.caller(), "POST " + PATH + "/session");
                Session session = sessions.begin(key);
                yield AccountHtml.redirect(
                        PATH + "?lang=" + AccountHtml.code(language),
                        Map.of("Set-Cookie", cookie.set(sessions.sealed(session), Sessions.IDLE)));
            }
        };
    }

    private static boolean isForEverything(Caller caller) {
        return caller.get(Credential.ATTRIBUTE)
                .filter(credential -> credential.tools() == null)
                .isPresent();
    }

    private HttpRoute.Response refused(HttpHead head, int status, AccountText why) {
        wrong.count(head.remoteAddress());
        return AccountHtml.entrance(PATH, language(head), status, why);
    }

    private HttpRoute.Response end(HttpRoute.Request request) {
        cookie.read(request.head()).flatMap(sessions::open).ifPresent(sessions::end);
        return Answers.with(
                AccountHtml.entrance(PATH, language(request.head()), 200, AccountText.SIGNED_OUT),
                "Set-Cookie",
                cookie.clear());
    }

    /** Asked by the checkout page, in the middle of {@link #upgrade}. */
    private Visitor visitor(HttpRoute.Request request) {
        Caller caller = signedIn(request.head()).map(SignedIn::caller).orElse(null);
        if (caller == null) {
            return new Visitor.Unknown(URI.create(PATH));
        }
        if (!mayPay(caller)) {
            return new Visitor.NotAllowed();
        }
        // What is paid for goes into the books, which have to know whose it is.
        accounting.know(Payer.of(caller));
        return new Visitor.SignedIn(Payer.of(caller));
    }

    /** Who may pay, and was turned away, came by another name of this server than the one that it knows. */
    private AccountText notAllowed(HttpHead head) {
        return signedIn(head).filter(visitor -> mayPay(visitor.caller())).isPresent()
                ? AccountText.NOT_FROM_HERE
                : AccountText.MAY_NOT_PAY;
    }

    /** Where the checkout page has something else to say than where to go, it is said here, in the user's language. */
    private HttpRoute.Response upgrade(HttpRoute.Request request) {
        if (checkout == null) {
            return shown(request.head(), 409, AccountText.NOTHING_SOLD, number());
        }
        String number =
                Form.parse(new String(request.body(), StandardCharsets.UTF_8)).getOrDefault("number", "");
        HttpRoute.Response answer = checkout.handle(request);
        return switch (answer.status()) {
            case 303 -> answer;
            case 400 -> shown(request.head(), 400, AccountText.NO_SUCH_PLAN, number());
            case 403 -> shown(request.head(), 403, notAllowed(request.head()), number());
            // The same number once more is the same checkout.
            case 503 -> Answers.with(shown(request.head(), 503, AccountText.LATER, number), "Retry-After", "5");
            default ->
                shown(
                        request.head(),
                        409,
                        new String(answer.body(), StandardCharsets.UTF_8).contains("subscription")
                                ? AccountText.SUBSCRIBED
                                : AccountText.REFUSED,
                        number());
        };
    }
}
