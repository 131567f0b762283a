package dev.mortise.examples.production.console;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.Tenant;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.money.Money;
import dev.mortise.examples.production.billing.Payer;
import dev.mortise.mcp.http.HttpRoute;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was invoiced: in all, month by month, and the latest invoices. An administrator with a tenant sees that tenant's. */
final class Revenue {
    private static final int MOST_TENANTS = 500;
    private static final int MOST_OF_TENANT = 200;
    private static final int LATEST = 100;

    private final Books books;

    Revenue(Books books) {
        this.books = books;
    }

    /**
     * What the invoices of a month come to.
     *
     * @param total in the smallest unit of the currency
     * @param due what of it was left to pay when they were issued
     */
    record Month(String month, String currency, int invoices, long total, long due) {
        Month and(Invoice invoice) {
            return new Month(
                    month,
                    currency,
                    invoices + 1,
                    Math.addExact(total, invoice.total().minor()),
                    Math.addExact(due, invoice.due().minor()));
        }
    }

    /** One invoice that was issued. */
    record Issued(String id, String tenant, String name, String number, String issuedAt, Money total, Money due) {}

    /** @param complete whether there are no more tenants or invoices than were looked at */
    record View(List<Month> months, List<Issued> invoices, int tenants, boolean complete) {}

    HttpRoute.Response answer(HttpRoute.Request request, Door.Visitor visitor) {
        List<Tenant> tenants = visitor.caller().tenant().isPresent()
                ? books.tenants().find(Payer.of(visitor.caller())).stream().toList()
                : books.tenants().list(null, MOST_TENANTS);
        Map<String, Month> months = new TreeMap<>(Comparator.reverseOrder());
        List<Issued> issued = new ArrayList<>();
        boolean complete = tenants.size() < MOST_TENANTS;
        for (Tenant tenant : tenants) {
            List<Invoice> invoices = books.invoices().ofTenant(tenant.id(), null, MOST_OF_TENANT);
            complete &= invoices.size() < MOST_OF_TENANT;
            for (Invoice invoice : invoices) {
                if (invoice.isFinal()) {
                    add(invoice, months);
                    issued.add(issued(tenant, invoice));
                }
            }
        }
        issued.sort(Comparator.comparing(Issued::issuedAt).reversed());
        return Answers.ok(new View(
                List.copyOf(months.values()), issued.stream().limit(LATEST).toList(), tenants.size(), complete));
    }

    private static void add(Invoice invoice, Map<String, Month> months) {
        Instant at = invoice.issuedAt().orElseThrow();
        String month = YearMonth.from(at.atZone(ZoneOffset.UTC)).toString();
        String currency = invoice.currency().getCurrencyCode();
        months.merge(
                month + " " + currency,
                new Month(month, currency, 0, 0, 0).and(invoice),
                (known, first) -> known.and(invoice));
    }

    private static Issued issued(Tenant tenant, Invoice invoice) {
        return new Issued(
                invoice.id(),
                tenant.id(),
                tenant.name(),
                invoice.number().orElseThrow(),
                invoice.issuedAt().orElseThrow().toString(),
                invoice.total(),
                invoice.due());
    }
}
