package dev.mortise.billing.payment;

import dev.mortise.mcp.http.HttpRoute.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link CheckoutPage} answers with: plain pages without a script, and redirects. */
final class CheckoutReplies {
    /**
     * Without {@code form-action}: some browsers hold the redirect after a form to it, and that goes to the provider. The
     * referrer stays here, and is not withheld wholly, because then browsers would not name the origin of a form either.
     */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private static final String HEAD = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plans</title>
            <meta name="viewport" content="width=device-width,initial-scale=1"><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
            section{border-bottom:1px solid #8888;padding:1rem 0}button{font:inherit;padding:.4rem 1rem}
            </style></head><body><main>
            """;

    private static final String TAIL = "</main></body></html>";

    private CheckoutReplies() {}

    /** With 303 (RFC 9110 section 15.4.4), so that what was sent to the page is not sent on. */
    static Response redirect(URI to) {
        return response(303, "", Map.of("Location", to.toASCIIString()));
    }

    static Response form(String path, List<Offer> offers, String number) {
        StringBuilder page = new StringBuilder("<h1>Choose a plan</h1>\n");
        for (Offer offer : offers) {
            page.append("<section><h2>").append(text(offer.title())).append("</h2><p>");
            page.append(text(offer.terms())).append("</p>");
            page.append(button(path, offer, number, "Choose " + offer.title())).append("</section>\n");
        }
        return response(200, page.toString(), Map.of());
    }

    private static String button(String path, Offer offer, String number, String words) {
        return "<form method=\"post\" action=\"" + text(path) + "\"><input type=\"hidden\" name=\"number\" value=\""
                + text(number) + "\"><button name=\"offer\" value=\"" + text(offer.key()) + "\">" + text(words)
                + "</button></form>";
    }

    /** The same number once more is the same checkout. */
    static Response later(String path, Offer offer, String number) {
        return response(
                503,
                "<h1>One moment</h1><p>The payment page is being prepared.</p>" + button(path, offer, number, "Go on"),
                Map.of("Retry-After", "5"));
    }

    static Response notAllowed() {
        return response(403, "<h1>Not allowed</h1><p>You may not choose a plan for this account.</p>", Map.of());
    }

    static Response notFromHere() {
        return response(403, "<h1>Not allowed</h1><p>Open this page itself, and choose there.</p>", Map.of());
    }

    static Response malformed() {
        return response(400, "<h1>There is no such plan</h1>", Map.of());
    }

    static Response subscribedAlready() {
        return response(
                409, "<h1>There is a subscription already</h1><p>Ask for it to be changed instead.</p>", Map.of());
    }

    static Response refused() {
        return response(
                409, "<h1>That did not work</h1><p>Nothing was paid. Ask those who run this service.</p>", Map.of());
    }

    private static Response response(int status, String main, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.putAll(more);
        byte[] body = (HEAD + main + TAIL).getBytes(StandardCharsets.UTF_8);
        return new Response(status, "text/html; charset=utf-8", body, headers);
    }

    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
