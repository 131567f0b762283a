package dev.mortise.examples.production.billing;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.Conflict;
import dev.mortise.billing.books.PublishedPlans;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.plan.InvalidPlan;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The plans that are sold here: data, of which a version is never changed. */
public final class Catalogue {
    private Catalogue() {}

    /**
     * Publishes the plans that there are.
     *
     * @return the plan of those who have no subscription
     * @throws IOException if the plans that are set cannot be used, naming the setting
     */
    static Plan publish(Books books, Settings settings) throws IOException {
        books.plans().publish(Plans.STANDARD);
        Optional<String> file = settings.find(Setting.MORTISE_PLANS);
        if (file.isPresent()) {
            try {
                for (Plan plan : PlanJson.readAll(Files.readAllBytes(Path.of(file.get())))) {
                    books.plans().publish(PublishedPlans.requireMeters(plan, Meters.standard()));
                }
            } catch (InvalidPlan | Conflict e) {
                throw new IOException("MORTISE_PLANS is " + file.get() + ", where " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IOException("MORTISE_PLANS is " + file.get() + ", which cannot be read", e);
            }
        }
        String otherwise = settings.get(Setting.MORTISE_DEFAULT_PLAN);
        return find(books, otherwise)
                .orElseThrow(() -> new IOException("MORTISE_DEFAULT_PLAN is " + otherwise + ", which is no plan"));
    }

    /** A plan by its name, in its newest version, or in the version that stands behind its name: {@code starter@2}. */
    public static Optional<Plan> find(Books books, String name) {
        try {
            Optional<PlanRef> ref = name.contains("@")
                    ? Optional.of(PlanRef.parse(name))
                    : books.plans().newest(name);
            return ref.flatMap(books.plans()::find);
        } catch (InvalidPlan e) {
            return Optional.empty();
        }
    }
}
