package dev.mortise.mcp.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A span for work inside another one. Where there is none, as on threads that work for many calls, there is nothing to tell. */
record TracedWork(ObservationRegistry registry) implements WorkObserver {
    private static final Logger LOG = LoggerFactory.getLogger(TracedWork.class);
    private static final String NAME = "mortise.work";

    @Override
    public <T extends @Nullable Object> T observe(Work work, String what, Supplier<T> body) {
        Observation parent = registry.isNoop() ? null : registry.getCurrentObservation();
        if (parent == null) {
            return body.get();
        }
        Observation observation;
        Observation.Scope scope;
        try {
            observation = started(work, what, parent);
            scope = observation.openScope();
        } catch (RuntimeException e) {
            LOG.warn("Work could not be traced", e);
            return body.get();
        }
        try {
            return body.get();
        } catch (RuntimeException | Error e) {
            // Its name alone: messages of drivers have what was asked for in them.
            observation.error(new ServerTracing.CallFailed(e.getClass().getSimpleName()));
            throw e;
        } finally {
            ServerTracing.close(scope, observation);
        }
    }

    private Observation started(Work work, String what, Observation parent) {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName(work.label() + " " + what)
                .lowCardinalityKeyValue("mortise.work", work.label())
                .parentObservation(parent);
        if (work.isDatabase()) {
            observation.lowCardinalityKeyValue("db.system.name", work.label());
        }
        return observation.start();
    }
}
