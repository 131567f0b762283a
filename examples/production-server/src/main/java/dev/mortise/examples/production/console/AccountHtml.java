package dev.mortise.examples.production.console;

import dev.mortise.billing.payment.Offer;
import dev.mortise.examples.production.billing.AccountFigures;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page of an account as it is sent: one document without a script. Texts of tenants never become markup. */
final class AccountHtml {
    /**
     * Without form-action: some browsers hold the redirect after a form to it, and that goes to a provider. The referrer
     * stays here, and is not withheld wholly, because then browsers would not say from where a form comes.
     */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Vary",
            "Accept-Language",
            "Cache-Control",
            "no-store");

    private final String path;
    private final Language language;
    private final StringBuilder main = new StringBuilder();

    private AccountHtml(String path, Language language) {
        this.path = path;
        this.language = language;
    }

    /** Who is signed in, and what is shown to them. */
    record Account(
            Caller caller,
            AccountFigures.MyPlan plan,
            AccountFigures.Quota quota,
            boolean mayPay,
            List<Offer> offers,
            String number) {}

    /** With the form to sign in. */
    static HttpRoute.Response entrance(String path, Language language, int status, @Nullable AccountText told) {
        AccountHtml page = new AccountHtml(path, language);
        page.heading(told);
        page.main
                .append(page.form("session"))
                .append("<p><label for=\"key\">")
                .append(page.say(AccountText.KEY))
                .append(
                        "</label><br><input id=\"key\" name=\"key\" type=\"password\" required maxlength=\"512\" autocomplete=\"off\"")
                .append(" autofocus aria-describedby=\"hint\"></p><p id=\"hint\">")
                .append(page.say(AccountText.KEY_HINT))
                .append("</p><p><button>")
                .append(page.say(AccountText.SIGN_IN))
                .append("</button></p></form>\n");
        return page.response(status);
    }

    static HttpRoute.Response account(
            String path, Language language, int status, @Nullable AccountText told, Account account) {
        AccountHtml page = new AccountHtml(path, language);
        page.heading(told);
        page.who(account);
        page.plan(account.plan());
        page.quota(account.quota());
        page.offers(account);
        page.main
                .append(page.form("end"))
                .append("<p><button>")
                .append(page.say(AccountText.SIGN_OUT))
                .append("</button></p></form>\n");
        return page.response(status);
    }

    private void heading(@Nullable AccountText told) {
        main.append("<h1>").append(say(AccountText.TITLE)).append("</h1>\n");
        if (told != null) {
            main.append("<p role=\"status\">").append(say(told)).append("</p>\n");
        }
    }

    private void who(Account account) {
        String subject = account.caller().subject();
        String who = account.caller()
                .tenant()
                .map(tenant -> AccountText.OF_TENANT.in(language, tenant, subject))
                .orElseGet(() -> AccountText.OF_HOUSE.in(language, subject));
        main.append("<p>").append(text(who)).append("</p>\n");
    }

    private void plan(AccountFigures.MyPlan plan) {
        main.append("<dl>");
        term(AccountText.PLAN, plan.name() + " (" + plan.plan() + ")");
        term(AccountText.PRICE, plan.price() == null ? AccountText.AGREED.in(language) : plan.price());
        term(AccountText.STANDING, plan.standing());
        term(AccountText.PERIOD, day(plan.periodBegins()) + " – " + day(plan.periodEnds()));
        main.append("</dl>\n");
    }

    private void term(AccountText name, String value) {
        main.append("<dt>")
                .append(say(name))
                .append("</dt><dd>")
                .append(text(value))
                .append("</dd>");
    }

    private static String day(String instant) {
        return instant.substring(0, Math.min(10, instant.length()));
    }

    private void quota(AccountFigures.Quota quota) {
        main.append("<table><thead><tr>");
        for (AccountText column :
                List.of(AccountText.METER, AccountText.USED, AccountText.INCLUDED, AccountText.RESETS)) {
            main.append("<th scope=\"col\">").append(say(column)).append("</th>");
        }
        main.append("</tr></thead><tbody>\n");
        for (AccountFigures.Left left : quota.meters()) {
            main.append("<tr><th scope=\"row\">").append(text(left.meter())).append("</th><td>");
            main.append(number(left.used())).append("</td><td>");
            Long included = left.included();
            main.append(included == null ? say(AccountText.UNLIMITED) : number(included))
                    .append("</td><td>");
            String resets = left.resetsAt();
            main.append(resets == null ? "" : text(day(resets))).append("</td></tr>\n");
        }
        main.append("</tbody></table>\n");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void offers(Account account) {
        if (account.offers().isEmpty()) {
            main.append("<p>").append(say(AccountText.NOTHING_SOLD)).append("</p>\n");
            return;
        }
        main.append("<h2>").append(say(AccountText.CHOOSE)).append("</h2>\n");
        if (!account.mayPay()) {
            main.append("<p>").append(say(AccountText.MAY_NOT_PAY)).append("</p>\n");
            return;
        }
        main.append("<p>").append(say(AccountText.PAGE_OF_PROVIDER)).append("</p>\n");
        for (Offer offer : account.offers()) {
            String words = AccountText.CHOOSE_THIS.in(language, offer.title(), provider(offer.provider()));
            main.append("<section><h3>").append(text(offer.title())).append("</h3><p>");
            main.append(text(offer.terms()).replace("\n", "<br>")).append("</p>");
            main.append(form("upgrade")).append("<input type=\"hidden\" name=\"number\" value=\"");
            main.append(text(account.number())).append("\"><button name=\"offer\" value=\"");
            main.append(text(key(offer))).append("\">").append(text(words));
            main.append("</button></form></section>\n");
        }
    }

    /** As the form of a checkout page names it. */
    private static String key(Offer offer) {
        return offer.plan() + '/' + offer.provider() + '/' + offer.currency().getCurrencyCode();
    }

    private static String provider(String name) {
        return switch (name) {
            case "stripe" -> "Stripe";
            case "paypal" -> "PayPal";
            default -> name;
        };
    }

    private String form(String to) {
        return "<form method=\"post\" action=\"" + path + "/" + to + "?lang=" + code(language) + "\">";
    }

    static String code(Language language) {
        return language.of("en", "zh");
    }

    private HttpRoute.Response response(int status) {
        Language other = language.of(Language.CHINESE, Language.ENGLISH);
        String document = "<!doctype html>\n<html lang=\"" + language.of("en", "zh-CN")
                + "\"><head><meta charset=\"utf-8\"><title>" + say(AccountText.TITLE)
                + "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"" + path
                + "/icon.svg\"><link rel=\"stylesheet\" href=\"" + path
                + "/account.css\"></head>\n<body><nav><a lang=\""
                + other.of("en", "zh-CN") + "\" href=\"" + path + "?lang=" + code(other) + "\">"
                + say(AccountText.OTHER_LANGUAGE) + "</a></nav><main>\n" + main + "</main></body></html>\n";
        return new HttpRoute.Response(
                status, "text/html; charset=utf-8", document.getBytes(StandardCharsets.UTF_8), HEADERS);
    }

    /** With 303 (RFC 9110 section 15.4.4): what was sent is not sent on. */
    static HttpRoute.Response redirect(String to, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        headers.put("Location", to);
        headers.putAll(more);
        return new HttpRoute.Response(303, "text/plain; charset=utf-8", new byte[0], headers);
    }

    private String say(AccountText text) {
        return text(text.in(language));
    }

    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
