package dev.mortise.billing.plan;

import dev.mortise.billing.money.Rate;
import java.util.List;
import java.util.OptionalLong;

/** How units beyond the included ones are priced. Every rate has the currency of the plan. */
public sealed interface Overage {
    /** Every unit costs the same. */
    record Flat(Rate rate) implements Overage {}

    /** Each unit costs what the tier says into which it falls (also called graduated). */
    record Tiered(List<Tier> tiers) implements Overage {
        public Tiered {
            tiers = ascending(tiers);
        }
    }

    /** All units cost what the tier says that the last of them falls into. */
    record Volume(List<Tier> tiers) implements Overage {
        public Volume {
            tiers = ascending(tiers);
        }
    }

    /** Units are sold by the package, of which the last may be begun: the {@code per} of the rate is its size. */
    record Packages(Rate rate) implements Overage {}

    private static List<Tier> ascending(List<Tier> tiers) {
        List<Tier> copy = List.copyOf(tiers);
        if (copy.isEmpty() || copy.size() > 100) {
            throw new InvalidPlan("tiers", "are 1 to 100, not " + copy.size());
        }
        Rate first = copy.getFirst().rate();
        long last = 0;
        for (int i = 0; i < copy.size(); i++) {
            OptionalLong upTo = copy.get(i).upTo();
            String path = "tiers[" + i + "].upTo";
            if (upTo.isPresent() == (i == copy.size() - 1)) {
                throw new InvalidPlan(path, "is missing in the last tier, and only there");
            }
            if (copy.get(i).rate().per() != first.per()) {
                throw new InvalidPlan("tiers[" + i + "].rate", "is for " + first.per() + " units, as the first is");
            }
            if (upTo.isPresent() && upTo.getAsLong() <= last) {
                throw new InvalidPlan(path, "is above " + last + ", not " + upTo.getAsLong());
            }
            last = upTo.orElse(last);
        }
        return copy;
    }
}
