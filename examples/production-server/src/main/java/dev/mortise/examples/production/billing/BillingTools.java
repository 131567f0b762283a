package dev.mortise.examples.production.billing;

import dev.mortise.billing.books.Conflict;
import dev.mortise.billing.books.Tenant;
import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.Statement;
import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.examples.production.admin.Administrators;
import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.server.ToolCall;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What administrators do with accounts. What is more than this is at /admin/billing. */
final class BillingTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Accounting accounting;
    private final KnownPayers known;
    private final String seller;
    private final BillingAudit audit;
    private final Clock clock;

    BillingTools(Accounting accounting, KnownPayers known, String seller, BillingAudit audit, Clock clock) {
        this.accounting = accounting;
        this.known = known;
        this.seller = seller;
        this.audit = audit;
        this.clock = clock;
    }

    record Stretch(
            @Description("The id after which to go on") @Length(max = 200) @Nullable
            String after,

            @DefaultValue("50") @Bounds(min = 1, max = 200) int limit) {}

    record Account(
            String id,
            String name,

            @Description("Its id and version; none if there is none")
            String plan,

            @Description("NONE for no subscription, TRIAL, ACTIVE, PAST_DUE or SUSPENDED")
            String standing,

            @Description("Weighed calls of the present period")
            long apiCalls,

            @Description("Where calls end; missing if they do not") @Nullable
            Long apiCallLimit) {}

    record Accounts(List<Account> accounts) {}

    record Change(
            @Description("The account, from list_tenants") @Length(min = 1, max = 200)
            String tenant,

            @Description("Such as starter, or starter@2 for an older version; mortise://plans has them all")
            @Length(min = 1, max = 80)
            String plan,

            @Description("Of a period, for a plan that has no price of its own, such as 250.00")
            @Length(max = 30)
            @Nullable
            String price,

            @Description(
                    "True for an account that begins with this plan: one that has no key, no user and no usage yet")
            @DefaultValue("false")
            boolean create) {}

    record Changed(
            String tenant,
            String subscription,
            String plan,
            @Description("When it takes effect") String from) {}

    record Whose(
            @Description("The account, from list_tenants") @Length(min = 1, max = 200)
            String tenant,

            @Description("The id after which to go on") @Length(max = 200) @Nullable
            String after,

            @DefaultValue("50") @Bounds(min = 1, max = 200) int limit) {}

    record Bill(
            String id,
            String tenant,
            @Description("Missing in a draft") @Nullable String number,
            @Nullable String issuedAt,
            String total,

            @Description("What is left to pay after credits and balance")
            String due) {}

    record Bills(List<Bill> invoices) {}

    record Which(
            @Description("The id of an invoice, from list_invoices") @Length(min = 1, max = 200)
            String id,

            @Description("en or zh") @DefaultValue("en") @Length(max = 10)
            String language) {}

    record Read(
            Bill invoice, @Description("Its lines, as CSV") String csv) {}

    record Grant(
            @Length(min = 1, max = 200) String tenant,

            @Description("Such as 25.00") @Length(min = 1, max = 30)
            String amount,

            @DefaultValue("USD") @Length(min = 3, max = 3) String currency,

            @Description("As it stands on statements") @Length(min = 1, max = 200)
            String reason,

            @Description("After how many days it expires; never unless set") @Bounds(min = 1, max = 3_650) @Nullable
            Integer days) {}

    record Granted(
            String id,
            String tenant,
            String amount,
            @Nullable String expiresAt) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.WATCHES
                        .named("list_tenants", "List tenants", TIMEOUT)
                        .description(
                                "Lists the accounts that are billed, with the plan of each and the calls that it has"
                                        + " used.")
                        .takes(Stretch.class)
                        .gives(Accounts.class)
                        .by((in, call) -> new Accounts(
                                accounts(call.caller(), in).map(this::account).toList())))
                .tool(ToolKind.ADMINISTERS
                        .named("set_plan", "Set the plan of an account", TIMEOUT)
                        .description("Puts an account on a plan from now on; what the time before costs is settled with"
                                + " the next invoice. Ask the administrator before you use this.")
                        .takes(Change.class)
                        .gives(Changed.class)
                        .by((in, call) -> told(() -> setPlan(in, call))))
                .tool(ToolKind.WATCHES
                        .named("list_invoices", "List invoices", TIMEOUT)
                        .description("Lists the invoices of one account, with what is to be paid of each.")
                        .takes(Whose.class)
                        .gives(Bills.class)
                        .by((in, call) -> new Bills(accounting
                                .books()
                                .invoices()
                                .ofTenant(theirs(in.tenant(), call.caller()), in.after(), in.limit())
                                .stream()
                                .map(BillingTools::bill)
                                .toList())))
                .tool(ToolKind.WATCHES
                        .named("read_invoice", "Read an invoice", TIMEOUT)
                        .description("Gives one invoice with all of its lines: prices of plans, usage beyond what was"
                                + " included, what was credited.")
                        .takes(Which.class)
                        .gives(Read.class)
                        .by(this::read))
                .tool(ToolKind.ADMITS
                        .named("issue_credit", "Issue a credit", TIMEOUT)
                        .description("Gives an account money that its next invoices are paid with first. A second"
                                + " administrator has to approve the call.")
                        .takes(Grant.class)
                        .gives(Granted.class)
                        .by((in, call) -> told(() -> grant(in, call))));
    }

    private Stream<Tenant> accounts(Caller administrator, Stretch in) {
        return administrator.tenant().isPresent()
                ? accounting.books().tenants().find(Payer.of(administrator)).stream()
                : accounting.books().tenants().list(in.after(), in.limit()).stream();
    }

    private Account account(Tenant tenant) {
        Entitlement entitlement = accounting.entitlements().of(tenant.id(), clock.instant());
        Long limit = null;
        long used = 0;
        var calls = entitlement.allowance("api_calls");
        if (calls.isPresent()) {
            used = accounting
                    .billing()
                    .quotas()
                    .standing(tenant.id(), calls.get())
                    .used();
            limit = calls.get().hardLimit().isPresent()
                    ? (Long) calls.get().hardLimit().getAsLong()
                    : null;
        }
        return new Account(
                tenant.id(),
                tenant.name(),
                entitlement.plan().map(Object::toString).orElse("none"),
                entitlement.standing().name(),
                used,
                limit);
    }

    private interface Work<T> {
        T run() throws CannotAnswer;
    }

    /** What is foreseen is refused in words of this server's before; the books have the last word. */
    private static <T> T told(Work<T> work) throws CannotAnswer {
        try {
            return work.run();
        } catch (InvalidChange | Conflict | IllegalArgumentException e) {
            throw new CannotAnswer(ToolText.BOOKS_REFUSE, String.valueOf(e.getMessage()));
        }
    }

    private Changed setPlan(Change in, ToolCall call) throws CannotAnswer {
        Administrators.requireAll(call.caller());
        Plan plan = Catalogue.find(accounting.books(), in.plan())
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_PLAN, in.plan()));
        if (!in.create() && !known.have(in.tenant())) {
            throw new CannotAnswer(ToolText.UNKNOWN_ACCOUNT, in.tenant());
        }
        requireUnpaid(in.tenant());
        requireToGoWith(in.tenant(), plan);
        Optional<Money> agreed = agreed(in, plan);
        audit.record(call.caller(), "set_plan", in.tenant(), plan.ref().toString());
        Subscription subscription =
                PlanChange.put(accounting.books(), in.tenant(), plan.ref(), agreed, clock.instant());
        accounting.entitlements().forget(in.tenant());
        Instant from = subscription.phases().getLast().from();
        return new Changed(in.tenant(), subscription.id(), plan.ref().toString(), from.toString());
    }

    /** The price of a period, where one has to be agreed upon. */
    private static Optional<Money> agreed(Change in, Plan plan) throws CannotAnswer {
        String price = in.price();
        if (price == null) {
            if (plan.price().isEmpty()) {
                throw new CannotAnswer(ToolText.PRICE_IS_MISSING, plan.ref());
            }
            return Optional.empty();
        }
        if (plan.price().isPresent()) {
            throw new CannotAnswer(ToolText.HAS_ITS_PRICE, plan.ref());
        }
        return Optional.of(amount(price, plan.currency())
                .filter(amount -> !amount.isNegative())
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_PRICE, price, plan.currency())));
    }

    private static Optional<Money> amount(String text, Currency currency) {
        try {
            return Optional.of(Money.of(text, currency));
        } catch (InvalidAmount | WrongCurrency e) {
            return Optional.empty();
        }
    }

    /** A subscription that runs keeps its currency and the length of its periods. */
    private void requireToGoWith(String tenant, Plan plan) throws CannotAnswer {
        Optional<Subscription> running = PlanChange.running(accounting.books(), tenant, clock.instant());
        if (running.isEmpty()) {
            return;
        }
        Currency currency = running.get().currency();
        if (!currency.equals(plan.currency())) {
            throw new CannotAnswer(ToolText.OTHER_CURRENCY, plan.ref(), plan.currency(), currency);
        }
        int months = running.get().cycle().months();
        if (months != plan.months()) {
            throw new CannotAnswer(ToolText.OTHER_PERIODS, plan.ref(), plan.months(), months);
        }
    }

    /** Who pays through a provider changes the plan there: here it would be changed back. */
    private void requireUnpaid(String tenant) throws CannotAnswer {
        if (accounting.payments().access().of(tenant).standing().entitles()) {
            throw new CannotAnswer(ToolText.PAID_ELSEWHERE);
        }
    }

    private String theirs(String tenant, Caller administrator) throws CannotAnswer {
        if (administrator.tenant().isPresent() && !Payer.of(administrator).equals(tenant)) {
            throw new CannotAnswer(ToolText.NO_ACCOUNT, tenant);
        }
        return tenant;
    }

    private Read read(Which in, ToolCall call) throws CannotAnswer {
        Invoice invoice = accounting
                .books()
                .invoices()
                .find(in.id())
                .filter(found -> call.caller().tenant().isEmpty()
                        || Payer.of(call.caller()).equals(found.tenant()))
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_INVOICE, in.id()));
        Tenant tenant = accounting.books().tenants().find(invoice.tenant()).orElseThrow();
        Statement statement = new Statement(
                invoice,
                accounting.books().invoices().creditNotes(invoice.id()),
                seller,
                tenant.name(),
                tenant.zone(),
                Locale.forLanguageTag(in.language()));
        return new Read(bill(invoice), statement.csv());
    }

    private static Bill bill(Invoice invoice) {
        return new Bill(
                invoice.id(),
                invoice.tenant(),
                invoice.number().orElse(null),
                invoice.issuedAt().map(Object::toString).orElse(null),
                invoice.total().toString(),
                invoice.due().toString());
    }

    private Granted grant(Grant in, ToolCall call) throws CannotAnswer {
        Administrators.requireAll(call.caller());
        Currency currency = currency(in.currency());
        Money amount = amount(in.amount(), currency)
                .filter(Money::isPositive)
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_AMOUNT, in.amount(), currency));
        if (accounting.books().tenants().find(in.tenant()).isEmpty()) {
            throw new CannotAnswer(ToolText.NO_ACCOUNT, in.tenant());
        }
        Optional<Instant> expiry =
                Optional.ofNullable(in.days()).map(days -> clock.instant().plus(Duration.ofDays(days)));
        audit.record(call.caller(), "issue_credit", in.tenant(), amount.toString());
        Credit credit =
                accounting.books().credits().grant(in.tenant(), amount, 100, expiry, Optional.empty(), in.reason());
        return new Granted(
                credit.id(),
                credit.tenant(),
                credit.amount().toString(),
                credit.expiresAt().map(Object::toString).orElse(null));
    }

    private static Currency currency(String code) throws CannotAnswer {
        try {
            return Currency.getInstance(code.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CannotAnswer(ToolText.NO_CURRENCY, code);
        }
    }
}
