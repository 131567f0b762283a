package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The interceptors of a server in the order of their stages. Whatever one of them throws becomes a refusal, so that
 * those outside it see an outcome and never an exception.
 */
public final class InterceptorChain {
    private record Link(Stage stage, Interceptor interceptor) {}

    /** Collects interceptors in any order. */
    public static final class Builder {
        private final List<Link> links = new ArrayList<>();

        public void add(Stage stage, Interceptor interceptor) {
            links.add(new Link(stage, interceptor));
        }

        /** As {@link #add}, outside all that are at this stage now. */
        public void addFirst(Stage stage, Interceptor interceptor) {
            links.add(0, new Link(stage, interceptor));
        }

        public InterceptorChain build() {
            // The sort is stable: within a stage, what was installed first stays outermost.
            List<Link> ordered = new ArrayList<>(links);
            ordered.sort(Comparator.comparing(Link::stage));
            return new InterceptorChain(ordered.toArray(Link[]::new));
        }
    }

    /**
     * What stands between the observers of a call and everything else. It may send the call on several times; each time
     * is to the stages behind it what a request of its own would be.
     */
    @FunctionalInterface
    public interface Bridge {
        Outcome cross(Supplier<Outcome> rest);
    }

    private final Link[] links;
    private final int observers;

    private InterceptorChain(Link[] links) {
        this.links = links;
        int count = 0;
        while (count < links.length && links[count].stage() == Stage.OBSERVE) {
            count++;
        }
        this.observers = count;
    }

    /** Sends a call through all stages to the handler. */
    public Outcome run(Call call, @Nullable Bridge bridge, Interceptor.Chain handler) {
        if (bridge == null) {
            return proceed(0, links.length, call, handler);
        }
        Interceptor.Chain bridged = passed -> bridge.cross(() -> proceed(observers, links.length, passed, handler));
        return proceed(0, observers, call, bridged);
    }

    /** Sends a later round of a call that outlived its request: through what meters and protects, nothing else. */
    Outcome resume(Call call, Interceptor.Chain handler) {
        return only(EnumSet.of(Stage.METER, Stage.PROTECT)).run(call, null, handler);
    }

    /** Shows the observers a request that was refused before it could become a call. */
    public void observe(Call call, Outcome.Refused outcome) {
        proceed(0, observers, call, refused -> outcome);
    }

    /** Whether anybody observes. */
    public boolean isObserved() {
        return observers > 0;
    }

    private InterceptorChain only(Set<Stage> stages) {
        return new InterceptorChain(Arrays.stream(links)
                .filter(link -> stages.contains(link.stage()))
                .toArray(Link[]::new));
    }

    private Outcome proceed(int index, int end, Call call, Interceptor.Chain handler) {
        if (index == end) {
            return guarded(handler, call, "handling " + call.method());
        }
        Link link = links[index];
        Interceptor.Chain rest = next -> proceed(index + 1, end, next, handler);
        Interceptor.Chain once = link.stage() == Stage.PROTECT ? rest : onlyOnce(link, rest);
        return guarded(
                c -> link.interceptor().intercept(c, once),
                call,
                link.stage() + " interceptor " + link.interceptor().getClass().getName());
    }

    private static Interceptor.Chain onlyOnce(Link link, Interceptor.Chain rest) {
        AtomicBoolean used = new AtomicBoolean();
        return call -> {
            if (!used.compareAndSet(false, true)) {
                throw new IllegalStateException(
                        "An interceptor at stage " + link.stage() + " proceeded twice; only PROTECT may");
            }
            return rest.proceed(call);
        };
    }

    private static Outcome guarded(Interceptor.Chain step, Call call, String what) {
        try {
            Outcome outcome = step.proceed(call);
            if (outcome == null) {
                throw new IllegalStateException("It neither proceeded nor answered: it returned null");
            }
            return outcome;
        } catch (RuntimeException | Error e) {
            return new Outcome.Refused(Incident.refusal("Failed: " + what, e));
        }
    }
}
