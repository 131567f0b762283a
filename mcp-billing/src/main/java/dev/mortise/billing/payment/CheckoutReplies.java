package dev.mortise.billing.payment;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.http.HttpRoute.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link CheckoutPage} answers with: plain pages without a script, and redirects. Immutable. */
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

    private static final String TAIL = "</main></body></html>";

    private final String path;
    private final Language language;

    /** @param path of the page */
    CheckoutReplies(String path, Language language) {
        this.path = path;
        this.language = language;
    }

    Response form(List<Offer> offers, String number) {
        StringBuilder page = new StringBuilder(title(language.of("Choose a plan", "选择套餐"))).append('\n');
        for (Offer offer : offers) {
            page.append("<section><h2>").append(text(offer.title())).append("</h2><p>");
            page.append(text(offer.terms())).append("</p>");
            page.append(button(offer, number, language.of("Choose ", "选择 ") + offer.title()))
                    .append("</section>\n");
        }
        return response(200, page.toString(), Map.of());
    }

    private String button(Offer offer, String number, String words) {
        return "<form method=\"post\" action=\"" + text(path) + "\"><input type=\"hidden\" name=\"number\" value=\""
                + text(number) + "\"><button name=\"offer\" value=\"" + text(offer.key()) + "\">" + text(words)
                + "</button></form>";
    }

    Response of(Choice choice) {
        return switch (choice) {
            // 303, so that what was sent to the page is not sent on.
            case Choice.GoTo to ->
                response(303, "", Map.of("Location", to.page().toASCIIString()));
            case Choice.NotAllowed not ->
                told(403, "Not allowed", "You may not choose a plan for this account.", "不允许", "您无权为此账户选择套餐。");
            case Choice.NotFromHere not ->
                told(403, "Not allowed", "Open this page itself, and choose there.", "不允许", "请直接打开本页面，再进行选择。");
            case Choice.NoSuchPlan none ->
                told(
                        400,
                        "There is no such plan",
                        "Open this page anew, and choose there.",
                        "没有这个套餐",
                        "请重新打开本页面，再进行选择。");
            case Choice.Later later ->
                response(
                        503,
                        title(language.of("One moment", "请稍候"))
                                + paragraph(language.of("The payment page is being prepared.", "正在准备付款页面。"))
                                + button(later.offer(), later.number(), language.of("Go on", "继续")),
                        Map.of("Retry-After", "5"));
            case Choice.SubscribedAlready already ->
                told(409, "There is a subscription already", "Ask for it to be changed instead.", "已有订阅", "请要求更改现有订阅。");
            case Choice.Refused refused ->
                told(
                        409,
                        "That did not work",
                        "Nothing was paid. Ask those who run this service.",
                        "操作未成功",
                        "未付任何款项。请联系本服务的运营者。");
        };
    }

    private Response told(int status, String title, String words, String chineseTitle, String chineseWords) {
        return response(
                status,
                title(language.of(title, chineseTitle)) + paragraph(language.of(words, chineseWords)),
                Map.of());
    }

    private static String title(String words) {
        return "<h1>" + words + "</h1>";
    }

    private static String paragraph(String words) {
        return "<p>" + words + "</p>";
    }

    private Response response(int status, String main, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.putAll(more);
        String head = """
                <!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s</title>
                <meta name="viewport" content="width=device-width,initial-scale=1"><style>
                body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
                section{border-bottom:1px solid #8888;padding:1rem 0}button{font:inherit;padding:.4rem 1rem}
                </style></head><body><main>
                """.formatted(language.of("en", "zh-CN"), language.of("Plans", "套餐"));
        byte[] body = (head + main + TAIL).getBytes(StandardCharsets.UTF_8);
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
