package dev.mortise.billing.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The plans that are known, each in all of its versions: a version that a tenant once had is never forgotten.
 * Thread-safe.
 */
public interface Plans {
    /** FREE, STARTER, PROFESSIONAL and ENTERPRISE over the three standard meters, ready made. They are data, meant to be replaced. */
    List<Plan> STANDARD = standard();

    Optional<Plan> find(PlanRef ref);

    /** @throws UnknownPlan if there is no such plan in that version */
    default Plan get(PlanRef ref) {
        return find(ref).orElseThrow(() -> new UnknownPlan(ref));
    }

    private static List<Plan> standard() {
        try (InputStream in = Plans.class.getResourceAsStream("standard.json")) {
            if (in == null) {
                throw new IllegalStateException("The plans that are ready made are missing beside Plans");
            }
            return PlanJson.readAll(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
