package dev.mortise.billing.books;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.plan.InvalidPlan;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The plans that were published, in all of their versions. A version is never changed. Thread-safe. */
public final class PublishedPlans implements Plans {
    private static final int CACHED = 10_000;

    private final Database database;
    private final Writer writer;
    private final Clock clock;
    private final String table;
    /** What is published does not change, so that nothing here is ever too old. */
    private final Cache<PlanRef, Plan> cache;

    PublishedPlans(Database database, Writer writer, Clock clock) {
        this(database, writer, clock, Caffeine.newBuilder().maximumSize(CACHED).build());
    }

    private PublishedPlans(Database database, Writer writer, Clock clock, Cache<PlanRef, Plan> cache) {
        this.database = database;
        this.writer = writer;
        this.clock = clock;
        this.table = database.table("book_plan");
        this.cache = cache;
    }

    PublishedPlans with(Writer newWriter) {
        return new PublishedPlans(database, newWriter, clock, cache);
    }

    /**
     * Publishes a version of a plan. One that is published just so already is left alone.
     *
     * @throws Conflict if that version is published with another content
     */
    public PlanRef publish(Plan plan) {
        String document = PlanJson.write(plan).toString();
        return writer.write("Publishing a plan", plan.ref().toString(), PlanRef.class, connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (id, version, document, published_at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (id, version) DO NOTHING",
                    plan.ref().id(),
                    plan.ref().version(),
                    document,
                    clock.millis());
            if (read(connection, plan.ref()).filter(plan::equals).isEmpty()) {
                throw new Conflict(plan.ref() + " is published with another content: make it version "
                        + (plan.ref().version() + 1));
            }
            return plan.ref();
        });
    }

    /** Publishes all of them, each by itself. */
    public void publish(Collection<Plan> plans) {
        plans.forEach(this::publish);
    }

    /**
     * Checks that a plan only names meters that there are.
     *
     * @throws InvalidPlan if it names another one
     */
    public static Plan requireMeters(Plan plan, Meters meters) {
        plan.meters().keySet().stream()
                .filter(meter -> meters.find(meter).isEmpty())
                .findFirst()
                .ifPresent(unknown -> {
                    throw new InvalidPlan("meters." + unknown, "is no meter that there is");
                });
        return plan;
    }

    @Override
    public Optional<Plan> find(PlanRef ref) {
        Plan known = cache.getIfPresent(ref);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Plan> found = writer.read("Finding a plan", connection -> read(connection, ref));
        if (!writer.isJoined()) {
            // Within somebody else's transaction it may have been published by that, which may fail.
            found.ifPresent(plan -> cache.put(ref, plan));
        }
        return found;
    }

    /** The highest version of a plan; empty if there is none. */
    public Optional<PlanRef> newest(String id) {
        long version = writer.read(
                "Finding the newest version of a plan",
                connection ->
                        Sql.number(connection, "SELECT coalesce(max(version), 0) FROM " + table + " WHERE id = ?", id));
        return version == 0 ? Optional.empty() : Optional.of(new PlanRef(id, Math.toIntExact(version)));
    }

    /** Every version, by id and version. */
    public List<Plan> list() {
        return database.read(
                "Listing plans",
                connection -> Sql.list(
                        connection,
                        "SELECT document FROM " + table + " ORDER BY id, version",
                        row -> plan(row.getString(1))));
    }

    private Optional<Plan> read(Connection connection, PlanRef ref) throws SQLException {
        return Sql.first(
                connection,
                "SELECT document FROM " + table + " WHERE id = ? AND version = ?",
                row -> plan(row.getString(1)),
                ref.id(),
                ref.version());
    }

    private static Plan plan(String document) {
        return PlanJson.read(document.getBytes(StandardCharsets.UTF_8));
    }
}
