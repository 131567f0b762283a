package dev.mortise.examples.production;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.examples.production.billing.Catalogue;
import dev.mortise.examples.production.billing.KnownPayers;
import dev.mortise.examples.production.billing.Payer;
import dev.mortise.examples.production.billing.PlanChange;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.security.audit.AuditEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says which plan a tenant is on. A server that runs follows within a minute. */
final class PlanCommand {
    private PlanCommand() {}

    static int run(Settings settings, List<String> args) throws IOException {
        Options options = Options.parse(args, Set.of("price"), Set.of("new"));
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "plan", Library.Use.SHARES)) {
            var books = parts.accounting().books();
            if (options.words().equals(List.of("list"))) {
                for (var tenant : books.tenants().list(null, 1_000)) {
                    System.out.printf(
                            "%-30s %s%n",
                            tenant.id(),
                            parts.accounting()
                                    .entitlements()
                                    .of(tenant.id(), Instant.now())
                                    .plan()
                                    .map(Object::toString)
                                    .orElse("none"));
                }
                return 0;
            }
            if (options.words().size() != 2) {
                throw new IllegalArgumentException("usage: plan TENANT PLAN [--price AMOUNT] [--new], or plan list."
                        + " The house, for all who have no tenant, is " + Payer.HOUSE);
            }
            String tenant = options.words().getFirst();
            String name = options.words().getLast();
            Plan plan = Catalogue.find(books, name)
                    .orElseThrow(() -> new IllegalArgumentException("There is no plan " + name));
            if (!options.has("new")) {
                requireKnown(parts, tenant);
            }
            Optional<Money> price = options.value("price").map(text -> Money.of(text, plan.currency()));
            record(parts, tenant, plan);
            Subscription subscription = PlanChange.put(books, tenant, plan.ref(), price, Instant.now());
            System.out.println(tenant + " is on " + plan.ref() + " (" + subscription.id() + ")");
            return 0;
        }
    }

    private static void requireKnown(Parts parts, String payer) {
        if (!new KnownPayers(parts.accounting(), parts.security()).have(payer)) {
            throw new IllegalArgumentException(
                    payer + " is a tenant that nobody has heard of: it has no key, no user and"
                            + " no usage. plan list and keys list show those that there are. If it is to begin with this plan,"
                            + " say so with --new");
        }
    }

    private static void record(Parts parts, String tenant, Plan plan) {
        parts.audit()
                .log()
                .record(new AuditEvent(
                        Instant.now(),
                        AuditEvent.Kind.ADMINISTRATION,
                        AuditEvent.Outcome.ALLOWED,
                        "command line:" + System.getProperty("user.name"),
                        null,
                        null,
                        "plan",
                        tenant,
                        null,
                        "begun",
                        null,
                        null,
                        Map.of("what", plan.ref().toString())));
    }
}
