package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.audit.AuditUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page on which people decide. Its address names an approval and proves nothing: whoever opens it signs in, after the
 * approval was asked for, and decides only if they are the person who asks; or, where four eyes are wanted, somebody else of
 * the same tenant who may approve. To everybody else there is nothing here. Thread-safe.
 */
public final class ApprovalPage {
    /** The scope of those who decide on the requests of others. */
    public static final String APPROVE = "mortise:approve";

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalPage.class);

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "X-Frame-Options",
            "DENY",
            "Cache-Control",
            "no-store",
            "Referrer-Policy",
            "same-origin");

    private final Approvals approvals;
    private final SignIn signIn;
    private final AccessRules rules;
    private final URI page;
    private final Function<Caller, Optional<Caller>> standing;
    private final Clock clock;

    /** @param standing what is left of somebody who has signed in, with what is known of them here; empty if they are put out */
    public ApprovalPage(
            Approvals approvals,
            SignIn signIn,
            Function<Caller, Optional<Caller>> standing,
            AccessRules rules,
            Clock clock) {
        if (rules.page() == null) {
            throw new IllegalArgumentException("The page has no address");
        }
        this.approvals = approvals;
        this.signIn = signIn;
        this.rules = rules;
        this.page = rules.page();
        this.standing = standing;
        this.clock = clock;
    }

    public List<HttpRoute> routes() {
        List<HttpRoute> routes = new ArrayList<>(signIn.routes());
        routes.add(HttpRoute.get(page.getPath(), request -> answered(() -> show(request))));
        routes.add(HttpRoute.post(page.getPath(), request -> answered(() -> decide(request))));
        return routes;
    }

    private HttpRoute.Response answered(Supplier<HttpRoute.Response> work) {
        try {
            return work.get();
        } catch (StoreUnavailable | AuditUnavailable e) {
            LOG.warn("Somebody could not decide on an approval", e);
            return html(503, text().unavailable());
        }
    }

    private HttpRoute.Response show(HttpRoute.Request request) {
        String id = Form.parse(request.head().query().orElse("")).getOrDefault("approval", "");
        Optional<Approval> approval = approvals.find(id);
        Optional<SignIn.SignedIn> person = signedIn(request, approval);
        if (person.isEmpty()) {
            // Also for an approval that does not exist: a stranger learns nothing.
            return signIn.begin(request, address(id));
        }
        if (approval.isEmpty() || !mayKnow(person.get(), approval.get())) {
            return nothing();
        }
        Approval open = approval.get();
        if (open.status() != Approval.Status.PENDING || !open.isOpen(clock.instant())) {
            return html(200, text().decided());
        }
        if (rules.fourEyes() && open.identity().equals(person.get().caller().identity())) {
            return html(200, text().somebodyElseByAddress());
        }
        return answer(200, form(open, person.get()));
    }

    private URI address(String id) {
        // Nothing of the request but what an id consists of.
        return URI.create(page + "?approval=" + id.replaceAll("[^A-Za-z0-9_]", ""));
    }

    /** Who has signed in since the approval was asked for: an older session is no proof of who sits there now. */
    private Optional<SignIn.SignedIn> signedIn(HttpRoute.Request request, Optional<Approval> approval) {
        Instant latest = clock.instant().plus(SignIn.SKEW);
        return signIn.current(request)
                .filter(person -> !person.at().isAfter(latest))
                .filter(person -> approval.isEmpty()
                        || !person.at().isBefore(approval.get().createdAt()));
    }

    private boolean mayKnow(SignIn.SignedIn signedIn, Approval approval) {
        // Whoever is disabled here may still be able to sign in at their provider.
        Caller person = standing.apply(signedIn.caller()).orElse(null);
        if (person == null) {
            return false;
        }
        if (person.identity().equals(approval.identity())) {
            return true;
        }
        return rules.fourEyes()
                && person.tenant().equals(Optional.ofNullable(approval.tenant()))
                && rules.hierarchy().grants(person.scopes(), APPROVE);
    }

    private HttpRoute.Response decide(HttpRoute.Request request) {
        Map<String, String> form = Form.parse(new String(request.body(), StandardCharsets.UTF_8));
        String id = form.getOrDefault("approval", "");
        Optional<Approval> approval = approvals.find(id);
        Optional<SignIn.SignedIn> person = signedIn(request, approval);
        if (person.isEmpty()) {
            return signIn.begin(request, address(id));
        }
        if (approval.isEmpty() || !mayKnow(person.get(), approval.get())) {
            return nothing();
        }
        byte[] token = form.getOrDefault("token", "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(token, token(person.get(), id).getBytes(StandardCharsets.UTF_8))) {
            return html(403, text().foreignForm());
        }
        Approvals.Result result = "approve".equals(form.get("decision"))
                ? approvals.approve(id, person.get().caller())
                : approvals.deny(id, person.get().caller());
        return switch (result) {
            case DONE -> html(200, text().thanks());
            case NOT_OPEN -> html(409, text().decided());
            case SAME_PERSON -> html(403, text().somebodyElse());
        };
    }

    private HttpRoute.Response nothing() {
        return html(404, text().nothing());
    }

    /** In the language of the server, which is known once that is built. */
    private ApprovalPageText text() {
        return new ApprovalPageText(approvals.language());
    }

    private String form(Approval open, SignIn.SignedIn person) {
        ApprovalPageText text = text();
        String what = open.purpose() == Approval.Purpose.STEP_UP
                ? text.wantsToUse(safe(open.subject()), safe(open.name()))
                : text.wantsToCall(safe(open.subject()), safe(open.name()), safe(open.arguments()));
        return "<p>" + text.you(safe(person.caller().toString())) + "</p><p>" + what
                + "</p><form method=\"post\"><input type=\"hidden\" name=\"approval\" value=\"" + safe(open.id())
                + "\"><input type=\"hidden\" name=\"token\" value=\"" + token(person, open.id())
                + "\"><button name=\"decision\" value=\"approve\">" + text.approve() + "</button>"
                + " <button name=\"decision\" value=\"deny\">" + text.deny() + "</button></form>";
    }

    /** Only a page that was made for this browser has it. */
    private static String token(SignIn.SignedIn person, String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = ("approval:" + person.session()).getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static String safe(String plain) {
        return VisibleText.of(plain)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private HttpRoute.Response html(int status, String sentence) {
        return answer(status, "<p>" + sentence + "</p>");
    }

    private HttpRoute.Response answer(int status, String body) {
        ApprovalPageText text = text();
        String html = "<!DOCTYPE html><html lang=\"" + text.tag() + "\"><meta charset=\"utf-8\"><title>" + text.title()
                + "</title>" + body;
        return new HttpRoute.Response(
                status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8), HEADERS);
    }
}
