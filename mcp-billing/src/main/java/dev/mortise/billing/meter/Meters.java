package dev.mortise.billing.meter;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The meters that there are. Immutable; of any other nothing is ever booked. */
public final class Meters {
    private static final Meters STANDARD =
            new Meters(Map.of()).and(Meter.API_CALLS).and(Meter.STORAGE).and(Meter.AI_OPERATIONS);

    private final Map<String, Meter> byName;

    private Meters(Map<String, Meter> byName) {
        this.byName = byName;
    }

    /** {@link Meter#API_CALLS}, {@link Meter#STORAGE} and {@link Meter#AI_OPERATIONS}. */
    public static Meters standard() {
        return STANDARD;
    }

    /**
     * These, and one of your own.
     *
     * @throws IllegalArgumentException if there is another one of this name
     */
    public Meters and(Meter meter) {
        TreeMap<String, Meter> more = new TreeMap<>(byName);
        Meter before = more.putIfAbsent(meter.name(), meter);
        if (before != null && !before.equals(meter)) {
            throw new IllegalArgumentException("There are two meters named " + meter.name() + ": " + before.kind()
                    + " of " + before.unit() + ", and " + meter.kind() + " of " + meter.unit());
        }
        return new Meters(more);
    }

    public Optional<Meter> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, by name. */
    public Collection<Meter> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
