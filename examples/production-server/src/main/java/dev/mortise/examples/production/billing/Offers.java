package dev.mortise.examples.production.billing;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.payment.Offer;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.plan.MeterTerms;
import dev.mortise.billing.plan.Plan;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The plans as they are offered: each in its newest version, the cheapest first. */
final class Offers {
    private Offers() {}

    static List<Plan> newest(Books books) {
        Map<String, Plan> newest = new TreeMap<>();
        // By id and version, so that the last one of an id is the newest.
        books.plans().list().forEach(plan -> newest.put(plan.ref().id(), plan));
        return sorted(newest.values());
    }

    /** What a price stands for, for people; empty if no such plan is published. */
    static Optional<Offer> offer(Books books, PlanPrice price) {
        return Catalogue.find(books, price.plan())
                .map(plan -> new Offer(
                        price.plan(),
                        price.provider(),
                        price.currency(),
                        plan.name(),
                        plan.price().map(Object::toString).orElse("") + "\n"
                                + String.join("\n", included(plan, Locale.ENGLISH))));
    }

    private static List<Plan> sorted(Collection<Plan> plans) {
        return plans.stream()
                .sorted(Comparator.comparing((Plan plan) ->
                                plan.price().map(price -> price.minor()).orElse(Long.MAX_VALUE))
                        .thenComparing(plan -> plan.ref().id()))
                .toList();
    }

    /** For people: one line for each meter. */
    static List<String> included(Plan plan, Locale locale) {
        return plan.meters().entrySet().stream()
                .map(meter -> meter.getKey() + ": " + amount(meter.getValue(), locale))
                .toList();
    }

    private static String amount(MeterTerms terms, Locale locale) {
        return terms.included().isEmpty()
                ? "unlimited"
                : String.format(locale, "%,d", terms.included().getAsLong())
                        + (terms.overage().isPresent() ? ", more at a price" : "");
    }
}
