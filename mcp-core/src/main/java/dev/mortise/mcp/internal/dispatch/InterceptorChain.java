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
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
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

    /** Whether there is an interceptor of that type. */
    public boolean has(Class<?> type) {
        return Arrays.stream(links).anyMatch(link -> type.isInstance(link.interceptor()));
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
            try {
                return given(handler.proceed(call));
            } catch (RuntimeException | Error e) {
                return failed("handling " + call.method(), e);
            }
        }
        Link link = links[index];
        Interceptor.Chain rest = link.stage() == Stage.PROTECT
                ? next -> proceed(index + 1, end, next, handler)
                : new Once(this, index, end, handler);
        try {
            return given(link.interceptor().intercept(call, rest));
        } catch (RuntimeException | Error e) {
            return failed(
                    link.stage() + " interceptor "
                            + link.interceptor().getClass().getName(),
                    e);
        }
    }

    /** The rest of the way, for a stage that may send a call on only once. */
    private static final class Once implements Interceptor.Chain {
        private static final AtomicIntegerFieldUpdater<Once> USED =
                AtomicIntegerFieldUpdater.newUpdater(Once.class, "used");

        private final InterceptorChain chain;
        private final int index;
        private final int end;
        private final Interceptor.Chain handler;
        private volatile int used;

        Once(InterceptorChain chain, int index, int end, Interceptor.Chain handler) {
            this.chain = chain;
            this.index = index;
            this.end = end;
            this.handler = handler;
        }

        @Override
        public Outcome proceed(Call call) {
            if (!USED.compareAndSet(this, 0, 1)) {
                throw new IllegalStateException(
                        "An interceptor at stage " + chain.links[index].stage() + " proceeded twice; only PROTECT may");
            }
            return chain.proceed(index + 1, end, call, handler);
        }
    }

    private static Outcome given(@Nullable Outcome outcome) {
        if (outcome == null) {
            throw new IllegalStateException("It neither proceeded nor answered: it returned null");
        }
        return outcome;
    }

    private static Outcome failed(String what, Throwable thrown) {
        return new Outcome.Refused(Incident.refusal("Failed: " + what, thrown));
    }
}
