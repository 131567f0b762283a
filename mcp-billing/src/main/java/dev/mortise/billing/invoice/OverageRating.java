package dev.mortise.billing.invoice;

import dev.mortise.billing.plan.Overage;
import dev.mortise.billing.plan.Tier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * Prices what was used beyond what is included. Quantities are whole numbers of parts, of which {@code scale} make a
 * unit, so that nothing is rounded here: a level that lasted for a part of a period is no whole number of units.
 */
final class OverageRating {
    private OverageRating() {}

    /** @param over in parts; not negative */
    static Exact price(Overage overage, BigInteger over, BigInteger scale, Share share) {
        return switch (overage) {
            case Overage.Flat flat ->
                new Exact(
                        flat.rate().amount().multiply(new BigDecimal(over)),
                        scale.multiply(BigInteger.valueOf(flat.rate().per())));
            case Overage.Packages packages -> {
                BigInteger size =
                        scale.multiply(BigInteger.valueOf(packages.rate().per()));
                BigInteger begun = over.add(size).subtract(BigInteger.ONE).divide(size);
                yield new Exact(packages.rate().amount().multiply(new BigDecimal(begun)), BigInteger.ONE);
            }
            case Overage.Tiered tiered -> tiered(tiered.tiers(), over, scale, share);
            case Overage.Volume volume -> volume(volume.tiers(), over, scale, share);
        };
    }

    private static Exact tiered(List<Tier> tiers, BigInteger over, BigInteger scale, Share share) {
        BigDecimal sum = BigDecimal.ZERO;
        BigInteger below = BigInteger.ZERO;
        for (Tier tier : tiers) {
            BigInteger bound = bound(tier, over, scale, share).min(over);
            sum = sum.add(tier.rate().amount().multiply(new BigDecimal(bound.subtract(below))));
            below = bound;
        }
        return new Exact(sum, divisor(tiers, scale));
    }

    private static Exact volume(List<Tier> tiers, BigInteger over, BigInteger scale, Share share) {
        Tier reached = tiers.stream()
                .filter(tier -> bound(tier, over, scale, share).compareTo(over) >= 0)
                .findFirst()
                .orElseThrow();
        return new Exact(reached.rate().amount().multiply(new BigDecimal(over)), divisor(tiers, scale));
    }

    private static BigInteger bound(Tier tier, BigInteger over, BigInteger scale, Share share) {
        return tier.upTo().isEmpty() ? over : share.of(tier.upTo().getAsLong(), scale);
    }

    private static BigInteger divisor(List<Tier> tiers, BigInteger scale) {
        return scale.multiply(BigInteger.valueOf(tiers.getFirst().rate().per()));
    }
}
