package dev.mortise.examples.production.billing;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.plan.Plan;
import dev.mortise.mcp.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The plans for people, and who can change one; for servers that have no page of their own for that. */
final class PlansPage {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Cache-Control",
            "no-cache");

    private static final String HEAD = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plans · 套餐</title>
            <meta name="viewport" content="width=device-width,initial-scale=1"><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
            table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #8888}
            </style></head><body><main><h1>Plans · 套餐</h1><table><thead><tr><th scope="col">Plan</th>
            <th scope="col">Price</th><th scope="col">Includes</th></tr></thead><tbody>
            """;

    private static final String TAIL = """
            </tbody></table>
            <p><a href="/account">Your account: what is left, and another plan</a> ·
            <a lang="zh" href="/account?lang=zh">您的账户：余量与更换套餐</a></p>
            <h2>How a plan is changed</h2>
            <p>At <a href="/account">your account</a>, if this server sells plans and your key may choose one. Else ask the
            administrator of this server: an administrator does it with the tool <code>set_plan</code>, at
            <code>/admin/billing</code>, or on the machine of the server with
            <code>production-server.jar plan TENANT PLAN</code>.</p>
            <h2 lang="zh">如何更换套餐</h2>
            <p lang="zh">如果本服务出售套餐，且您的密钥可以选择套餐，请在<a href="/account?lang=zh">您的账户</a>中更换；否则请联系本服务的管理员：管理员可使用工具 <code>set_plan</code>、接口 <code>/admin/billing</code>，或在服务器上运行
            <code>production-server.jar plan TENANT PLAN</code>。</p>
            </main></body></html>
            """;

    private PlansPage() {}

    static HttpRoute at(String path, Books books) {
        return HttpRoute.get(
                path,
                request -> new HttpRoute.Response(
                        200, "text/html; charset=utf-8", page(books).getBytes(StandardCharsets.UTF_8), HEADERS));
    }

    private static String page(Books books) {
        StringBuilder page = new StringBuilder(HEAD);
        for (Plan plan : Offers.newest(books)) {
            page.append("<tr><th scope=\"row\">").append(text(plan.name())).append("</th><td>");
            page.append(text(plan.price().map(Object::toString).orElse("agreed upon · 面议")))
                    .append("</td><td>");
            page.append(text(String.join("\n", Offers.included(plan, Locale.ENGLISH)))
                    .replace("\n", "<br>"));
            page.append("</td></tr>\n");
        }
        return page.append(TAIL).toString();
    }

    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
