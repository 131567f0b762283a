package dev.mortise.billing.payment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison with a provider showed.
 *
 * @param compared subscriptions that were fetched
 * @param agreed of these, how many were the same
 * @param repaired how many were put right here. Nothing is ever changed at a provider
 * @param different how many were left as they were, because the bound on repairs was reached
 * @param orphans how many belong to nobody here
 * @param missing how many the provider does not know
 * @param adopted how many were not known here, and belong to a tenant
 * @param listed whether the provider could say which subscriptions it has
 * @param interrupted why it is not complete; {@code null} if it is
 */
public record Reconciliation(
        String provider,
        Instant at,
        int compared,
        int agreed,
        int repaired,
        int different,
        int orphans,
        int missing,
        int adopted,
        boolean listed,
        @Nullable String interrupted) {

    /** Whether everything was compared and nothing is left to look at. */
    public boolean isClean() {
        return interrupted == null && different == 0 && orphans == 0 && missing == 0;
    }

    static Reconciliation of(
            String provider,
            Instant at,
            Map<Effect, Integer> here,
            Map<Effect, Integer> there,
            boolean listed,
            @Nullable String interrupted) {
        int compared = List.of(here, there).stream()
                .flatMap(counts -> counts.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        return new Reconciliation(
                provider,
                at,
                compared,
                here.getOrDefault(Effect.UNCHANGED, 0) + there.getOrDefault(Effect.UNCHANGED, 0),
                here.getOrDefault(Effect.CHANGED, 0),
                here.getOrDefault(Effect.DIFFERENT, 0) + there.getOrDefault(Effect.DIFFERENT, 0),
                here.getOrDefault(Effect.ORPHAN, 0) + there.getOrDefault(Effect.ORPHAN, 0),
                here.getOrDefault(Effect.MISSING, 0) + there.getOrDefault(Effect.MISSING, 0),
                there.getOrDefault(Effect.CHANGED, 0),
                listed,
                interrupted);
    }
}
