package dev.mortise.examples.production.billing;

import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.security.SecurityLevel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the caller's account has used, has left, and could have. All of it is free: it is asked when nothing is left. */
final class UsageTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Accounting accounting;
    private final AccountFigures figures;
    private final Clock clock;

    UsageTools(Accounting accounting, Clock clock) {
        this.accounting = accounting;
        this.figures = new AccountFigures(accounting, clock);
        this.clock = clock;
    }

    record Nothing() {}

    record Days(
            @Description("How many days back, today included") @DefaultValue("7") @Bounds(min = 1, max = 92)
            int days) {}

    record Used(
            @Description("The day, in UTC") String date,
            @Description("Weighed calls") long apiCalls,
            long aiOperations,

            @Description("Bytes of documents at the end of the day")
            long storedBytes) {}

    record Usage(List<Used> days) {}

    record Offer(
            String plan,
            String name,

            @Description("Of a period; missing if it is agreed upon") @Nullable
            String price,

            @Description("Months in a period") int months,

            @Description("What it includes, by meter; unlimited if so")
            List<String> includes) {}

    record Upgrade(
            @Description("For the user's browser: it signs the user in, or says who can change the plan")
            String url,

            String currentPlan,
            List<Offer> plans) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.READS_OWN
                        .named("my_usage", "My usage", TIMEOUT)
                        .description("Tells day by day what the account of this user has used: calls, AI operations,"
                                + " stored bytes. Free of charge, also when nothing is left.")
                        .takes(Days.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Usage.class)
                        .by((in, call) -> usage(Payer.of(call.caller()), in.days())))
                .tool(ToolKind.READS_OWN
                        .named("my_quota", "My quota", TIMEOUT)
                        .description(
                                "Tells what is left of each allowance of this user's plan, and when it begins"
                                        + " anew. Where the plan was changed within a period, what it includes is made up of what each plan"
                                        + " gives for its share of the time. Look here before much work, and when a call was refused for a quota.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(AccountFigures.Quota.class)
                        .by((in, call) -> figures.quota(Payer.of(call.caller()))))
                .tool(ToolKind.READS_OWN
                        .named("my_plan", "My plan", TIMEOUT)
                        .description("Tells which plan the account of this user is on, what it costs, and from when to"
                                + " when its present period is.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(AccountFigures.MyPlan.class)
                        .by((in, call) -> figures.plan(Payer.of(call.caller()))))
                .tool(ToolKind.READS_OWN
                        .named("upgrade_link", "Link to change the plan", TIMEOUT)
                        .description("Gives the page on which the plan of this account is changed, and what plans there"
                                + " are. Give the address to the user; you cannot change the plan yourself.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Upgrade.class)
                        .by((in, call) -> upgrade(Payer.of(call.caller()))))
                .resource(Resource.at("mortise://plans", "plans")
                        .title("Plans")
                        .description("The plans that there are, with what each includes and costs")
                        .mimeType("application/json")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .read(call -> ResourceOutcome.found(
                                call.text(Json.tree(offers()).toString()))));
    }

    private Usage usage(String payer, int days) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<Used> used = new ArrayList<>();
        for (int back = days - 1; back >= 0; back--) {
            LocalDate day = today.minusDays(back);
            used.add(new Used(
                    day.toString(),
                    counted(payer, Meter.API_CALLS, day),
                    counted(payer, Meter.AI_OPERATIONS, day),
                    accounting.ledger().gauged(query(payer, Meter.STORAGE, day)).closing()));
        }
        return new Usage(used);
    }

    private long counted(String payer, Meter meter, LocalDate day) {
        return accounting.ledger().counted(query(payer, meter, day)).quantity();
    }

    private static UsageQuery query(String payer, Meter meter, LocalDate day) {
        Instant begin = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        return UsageQuery.of(payer, meter.name(), begin, begin.plus(Duration.ofDays(1)));
    }

    private Upgrade upgrade(String payer) {
        Entitlement entitlement = accounting.entitlements().of(payer, clock.instant());
        return new Upgrade(
                accounting.upgradePage().toString(),
                entitlement.plan().map(Object::toString).orElse("none"),
                offers());
    }

    private List<Offer> offers() {
        return Offers.newest(accounting.books()).stream().map(UsageTools::offer).toList();
    }

    private static Offer offer(Plan plan) {
        return new Offer(
                plan.ref().toString(),
                plan.name(),
                AccountFigures.price(plan),
                plan.months(),
                Offers.included(plan, Locale.ENGLISH));
    }
}
