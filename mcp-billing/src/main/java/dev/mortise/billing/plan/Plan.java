package dev.mortise.billing.plan;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.WrongCurrency;
import java.util.Currency;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One version of a plan. Immutable: a change is another version. Written and read as JSON by {@link PlanJson}.
 *
 * @param price of a whole period, in advance; empty where it is agreed upon with each tenant
 * @param months in a period: 1 or 12, usually
 * @param meters by the names of the meters; one that is missing may not be used at all
 * @param features that tools may require
 * @param trialDays for which nothing is charged; 0 to 730
 * @param graceDays for which access goes on when a payment has failed; 0 to 365
 */
public record Plan(
        PlanRef ref,
        String name,
        Currency currency,
        Optional<Money> price,
        int months,
        Map<String, MeterTerms> meters,
        Set<String> features,
        int trialDays,
        int graceDays) {
    private static final int MAX_NAME = 100;

    public Plan {
        Objects.requireNonNull(ref, "ref");
        meters = java.util.Collections.unmodifiableMap(new TreeMap<>(meters));
        features = java.util.Collections.unmodifiableSet(new TreeSet<>(features));
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidPlan("name", "is a text of 1 to " + MAX_NAME + " characters");
        }
        range("months", months, 1, 120);
        range("trialDays", trialDays, 0, 730);
        range("graceDays", graceDays, 0, 365);
        Money.zero(currency);
        if (price.isPresent()
                && (price.get().isNegative() || !price.get().currency().equals(currency))) {
            throw new InvalidPlan("price", "is 0 or more " + currency + ", not " + price.get());
        }
        meters.forEach((meter, terms) -> {
            Names.require("meters." + meter, meter);
            requireCurrency(meter, terms, currency);
        });
        features.forEach(feature -> Names.require("features", feature));
    }

    private static void range(String path, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidPlan(path, "is a whole number from " + least + " to " + most + ", not " + value);
        }
    }

    private static void requireCurrency(String meter, MeterTerms terms, Currency currency) {
        terms.overage().ifPresent(overage -> {
            boolean same = switch (overage) {
                case Overage.Flat flat -> flat.rate().currency().equals(currency);
                case Overage.Packages pack -> pack.rate().currency().equals(currency);
                case Overage.Tiered tiered ->
                    tiered.tiers().stream()
                            .allMatch(tier -> tier.rate().currency().equals(currency));
                case Overage.Volume volume ->
                    volume.tiers().stream()
                            .allMatch(tier -> tier.rate().currency().equals(currency));
            };
            if (!same) {
                throw new WrongCurrency("meters." + meter + ".overage has another currency than the plan, " + currency);
            }
        });
    }
}
