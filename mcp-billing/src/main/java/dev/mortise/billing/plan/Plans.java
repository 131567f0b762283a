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
    /** The meter of {@code tools/call} in {@link #STANDARD}. */
    String CALLS = "calls";

    /** The meter of stored documents in {@link #STANDARD}, in bytes. */
    String STORAGE = "storage";

    /** The meter of embeddings and smart selection in {@link #STANDARD}. */
    String AI = "ai";

    /** FREE, STARTER, PROFESSIONAL and ENTERPRISE, ready made. They are data, meant to be replaced. */
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
