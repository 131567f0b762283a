package dev.mortise.billing.admin;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.Command;
import dev.mortise.billing.books.NotThere;
import dev.mortise.billing.books.PublishedPlans;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.books.Tenant;
import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.invoice.CreditNote;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.Statement;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tenants, plans, usage, invoices, credits, subscriptions and webhooks as JSON over HTTP; {@link Books} is the same in
 * Java. An administrator with a tenant sees what is that tenant's and changes nothing; one without sees and changes all.
 * Thread-safe.
 *
 * <p>What is looked at is {@code GET}; what changes is {@code POST} with a JSON object and the field
 * {@code Idempotency-Key}: a repeated request with the same key and body is answered like the first, and does nothing.
 */
public final class AdministratorApi {
    /** The scope of administrators. */
    public static final String ADMIN = "mortise:billing:admin";

    private static final int MOST_STEPS = 400;

    private final AdminRoutes routes;
    private final Books books;
    private final SnapshotEntitlements entitlements;
    private final UsageReader usage;
    private final Meters meters;
    private final WebhookLog webhooks;
    private final String issuer;
    private final Clock clock;

    /**
     * Routes below a path.
     *
     * @param base such as {@code /admin/billing}
     * @param meters that plans may name
     * @param issuer who sells, as it stands on statements
     */
    public AdministratorApi(
            String base,
            Authenticator authenticator,
            AdministrationAudit audit,
            Books books,
            SnapshotEntitlements entitlements,
            UsageReader usage,
            Meters meters,
            WebhookLog webhooks,
            String issuer,
            Clock clock) {
        this.routes = new AdminRoutes(base, authenticator, audit, clock);
        // What comes over HTTP is taken down with who asked for it, also when it is refused.
        this.books = books.unaudited();
        this.entitlements = entitlements;
        this.usage = usage;
        this.meters = meters;
        this.webhooks = webhooks;
        this.issuer = issuer;
        this.clock = clock;
    }

    public List<HttpRoute> routes() {
        return List.of(
                routes.get("/tenants", this::tenants),
                routes.post("/tenants", this::register),
                routes.get("/plans", (administrator, input) -> plans()),
                routes.post("/plans", this::publish),
                routes.get("/entitlement", this::entitlement),
                routes.get("/usage", this::usageNow),
                routes.get("/usage/series", this::usageSeries),
                routes.get("/subscriptions", this::subscriptions),
                routes.get("/subscriptions/history", this::history),
                routes.post("/subscriptions", this::begin),
                routes.post("/subscriptions/change", this::change),
                routes.post("/subscriptions/cancel", this::cancel),
                routes.post("/subscriptions/resume", this::resume),
                routes.post("/subscriptions/trial", this::trial),
                routes.post("/subscriptions/payment", this::payment),
                routes.get("/credits", this::credits),
                routes.post("/credits", this::grant),
                routes.post("/credits/void", this::voidCredit),
                routes.get("/invoices", this::invoices),
                routes.get("/invoices/statement", this::statement),
                routes.post(
                        "/invoices/draft",
                        (command, input) -> books.under(command).invoices().draft(input.text("subscription"))),
                routes.post("/invoices/issue", this::issue),
                routes.post("/invoices/credit-notes", this::creditNote),
                routes.get("/webhooks", this::webhooks));
    }

    /** The tenant that is asked about: for an administrator with a tenant there is no other. */
    private static String tenant(Caller administrator, Input input) {
        String own = administrator.tenant().orElse(null);
        String wanted =
                own == null ? input.text("tenant") : input.textOr("tenant").orElse(own);
        return requireTheirs(administrator, wanted);
    }

    private static String requireTheirs(Caller administrator, String tenant) {
        if (administrator.tenant().filter(own -> !own.equals(tenant)).isPresent()) {
            throw new Input.Invalid("tenant must be your own");
        }
        return tenant;
    }

    private static ObjectNode items(Iterable<?> items) {
        ObjectNode answer = Json.object();
        ArrayNode array = answer.putArray("items");
        items.forEach(item -> array.add(Json.tree(item)));
        return answer;
    }

    private static int limit(Input input) {
        return input.number("limit", 1, 1_000, 100);
    }

    private static @Nullable String after(Input input) {
        return input.textOr("after").orElse(null);
    }

    private Object tenants(Caller administrator, Input input) {
        return administrator
                .tenant()
                .map(own -> items(books.tenants().find(own).stream().toList()))
                .orElseGet(() -> items(books.tenants().list(after(input), limit(input))));
    }

    private Object register(Command command, Input input) {
        return books.under(command).tenants().register(input.text("id"), input.text("name"), input.zone("zone"));
    }

    private Object plans() {
        return items(books.plans().list().stream().map(PlanJson::write).toList());
    }

    private Object publish(Command command, Input input) {
        Plan plan = PublishedPlans.requireMeters(PlanJson.read(input.node()), meters);
        return Map.of("plan", books.under(command).plans().publish(plan).toString());
    }

    private Object entitlement(Caller administrator, Input input) {
        return entitlements.of(tenant(administrator, input), clock.instant());
    }

    private Object usageNow(Caller administrator, Input input) {
        String tenant = tenant(administrator, input);
        Entitlement entitlement = entitlements.of(tenant, clock.instant());
        ArrayNode used = Json.object().putArray("meters");
        for (Allowance allowance : entitlement.allowances().values()) {
            ObjectNode item = used.addObject()
                    .put("meter", allowance.meter())
                    .put("used", used(tenant, allowance))
                    .put("resetsAt", allowance.resetsAt().toString());
            allowance.included().ifPresent(included -> item.put("included", included));
            allowance.hardLimit().ifPresent(limit -> item.put("hardLimit", limit));
        }
        ObjectNode answer = Json.object().put("tenant", tenant);
        entitlement.plan().ifPresent(plan -> answer.put("plan", plan.toString()));
        answer.set("meters", used);
        return answer;
    }

    private long used(String tenant, Allowance allowance) {
        return allowance.measure() == Measure.SUM
                ? usage.counted(UsageQuery.of(
                                tenant,
                                allowance.meter(),
                                allowance.window().start(),
                                allowance.window().end()))
                        .quantity()
                : usage.balance(tenant, allowance.meter());
    }

    private Object usageSeries(Caller administrator, Input input) {
        String tenant = tenant(administrator, input);
        String meter = input.text("meter");
        boolean level = meters.find(meter)
                        .orElseThrow(() -> new Input.Invalid("meter must be one of " + meters.all()))
                        .kind()
                == Meter.Kind.GAUGE;
        Instant from = input.instantOr("from").orElseThrow(() -> new Input.Invalid("from must be an instant"));
        Instant to = input.instantOr("to").orElseGet(clock::instant);
        Duration step = Duration.ofSeconds(input.number("stepSeconds", 60, 366 * 86_400, 86_400));
        if (!from.isBefore(to) || Duration.between(from, to).dividedBy(step) >= MOST_STEPS) {
            throw new Input.Invalid("from must be before to, and there are at most " + MOST_STEPS + " steps");
        }
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        for (Instant start = from; start.isBefore(to); start = start.plus(step)) {
            Instant end = start.plus(step).isBefore(to) ? start.plus(step) : to;
            UsageQuery query = UsageQuery.of(tenant, meter, start, end);
            ObjectNode item = items.addObject().put("from", start.toString()).put("to", end.toString());
            if (level) {
                var gauged = usage.gauged(query);
                item.put("peak", gauged.peak()).put("closing", gauged.closing()).put("average", gauged.average());
            } else {
                item.put("quantity", usage.counted(query).quantity());
            }
        }
        return answer;
    }

    private Object subscriptions(Caller administrator, Input input) {
        return items(books.subscriptions().ofTenant(tenant(administrator, input)));
    }

    private Object history(Caller administrator, Input input) {
        Subscription subscription = books.subscriptions()
                .find(input.text("id"))
                .filter(found -> administrator
                        .tenant()
                        .filter(own -> !own.equals(found.tenant()))
                        .isEmpty())
                .orElseThrow(() -> new NotThere("such subscription"));
        return items(books.subscriptions().history(subscription.id()));
    }

    /** What entitlements remember of the tenant is forgotten, so that the change is seen at once, here at least. */
    private Subscription changed(Supplier<Subscription> change) {
        Subscription subscription = change.get();
        entitlements.forget(subscription.tenant());
        return subscription;
    }

    private Object begin(Command command, Input input) {
        Tenant tenant = books.tenants().find(input.text("tenant")).orElseThrow(() -> new NotThere("such tenant"));
        boolean calendar = input.textOr("cycle").filter("calendar"::equals).isPresent();
        return changed(() -> books.under(command)
                .subscriptions()
                .begin(
                        tenant.id(),
                        input.plan("plan"),
                        input.moneyOr("price"),
                        calendar ? Optional.of(BillingCycle.calendarMonths(tenant.zone())) : Optional.empty(),
                        clock.instant()));
    }

    /** When a change takes effect. */
    private enum When {
        NOW,
        PERIOD_END
    }

    private Object change(Command command, Input input) {
        When when = input.constant(When.class, "when", When.NOW);
        var subscriptions = books.under(command).subscriptions();
        return changed(() -> switch (when) {
            case NOW -> subscriptions.change(input.text("id"), input.plan("plan"), input.moneyOr("price"));
            case PERIOD_END ->
                subscriptions.changeAtPeriodEnd(input.text("id"), input.plan("plan"), input.moneyOr("price"));
        });
    }

    private Object cancel(Command command, Input input) {
        When when = input.constant(When.class, "when", When.PERIOD_END);
        var subscriptions = books.under(command).subscriptions();
        return changed(() -> switch (when) {
            case NOW -> subscriptions.cancelNow(input.text("id"));
            case PERIOD_END -> subscriptions.cancelAtPeriodEnd(input.text("id"));
        });
    }

    private Object resume(Command command, Input input) {
        return changed(() -> books.under(command).subscriptions().resume(input.text("id")));
    }

    private Object trial(Command command, Input input) {
        Instant end = input.instantOr("until").orElseThrow(() -> new Input.Invalid("until must be an instant"));
        return changed(() -> books.under(command).subscriptions().trialUntil(input.text("id"), end));
    }

    /** How a payment went. */
    private enum Payment {
        FAILED,
        PAID
    }

    private Object payment(Command command, Input input) {
        Payment payment = input.constant(Payment.class, "payment", Payment.FAILED);
        Instant since = input.instantOr("since").orElseGet(clock::instant);
        var subscriptions = books.under(command).subscriptions();
        return changed(() -> switch (payment) {
            case FAILED -> subscriptions.pastDue(input.text("id"), since);
            case PAID -> subscriptions.paid(input.text("id"));
        });
    }

    private Object credits(Caller administrator, Input input) {
        return items(books.credits().ofTenant(tenant(administrator, input)));
    }

    private Object grant(Command command, Input input) {
        int times = input.number("rollovers", 0, 1_000, 0);
        Optional<Credit.Rollover> rollover =
                times == 0 ? Optional.empty() : Optional.of(new Credit.Rollover(times, input.moneyOr("rolloverCap")));
        return books.under(command)
                .credits()
                .grant(
                        input.text("tenant"),
                        input.money("amount"),
                        input.number("priority", 0, 1_000, 100),
                        input.instantOr("expiresAt"),
                        rollover,
                        input.textOr("reason").orElse(""));
    }

    private Object voidCredit(Command command, Input input) {
        return books.under(command).credits().voided(input.text("id"));
    }

    private Object invoices(Caller administrator, Input input) {
        return items(books.invoices().ofTenant(tenant(administrator, input), after(input), limit(input)));
    }

    private Object statement(Caller administrator, Input input) {
        Invoice invoice = books.invoices()
                .find(input.text("id"))
                .filter(found -> administrator
                        .tenant()
                        .filter(own -> !own.equals(found.tenant()))
                        .isEmpty())
                .orElseThrow(() -> new NotThere("such invoice"));
        Tenant tenant = books.tenants().find(invoice.tenant()).orElseThrow(() -> new NotThere("such tenant"));
        Statement statement = new Statement(
                invoice,
                books.invoices().creditNotes(invoice.id()),
                issuer,
                tenant.name(),
                tenant.zone(),
                Locale.forLanguageTag(input.textOr("language").orElse("en")));
        return switch (input.textOr("format").orElse("html")) {
            case "html" ->
                page(
                        "text/html; charset=utf-8",
                        statement.html(),
                        Map.of("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"));
            case "csv" -> page("text/csv; charset=utf-8", statement.csv(), Map.of());
            default -> throw new Input.Invalid("format must be html or csv");
        };
    }

    private static HttpRoute.Response page(String type, String text, Map<String, String> headers) {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return new HttpRoute.Response(200, type, text.getBytes(StandardCharsets.UTF_8), all);
    }

    private Object issue(Command command, Input input) {
        return items(books.under(command).invoices().issueDue(input.text("subscription")));
    }

    private Object creditNote(Command command, Input input) {
        return books.under(command)
                .invoices()
                .creditNote(
                        input.text("invoice"),
                        input.money("amount"),
                        input.constant(CreditNote.Payout.class, "payout", CreditNote.Payout.BALANCE),
                        input.textOr("reason").orElse(""));
    }

    private Object webhooks(Caller administrator, Input input) {
        if (administrator.tenant().isPresent()) {
            throw new Input.Invalid("Webhooks are for administrators of all tenants");
        }
        return items(webhooks.list(after(input), limit(input)));
    }
}
