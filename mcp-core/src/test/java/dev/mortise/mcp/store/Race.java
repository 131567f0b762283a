package dev.mortise.mcp.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lets many do the same at the same moment. */
final class Race {
    private Race() {}

    interface Step<S> {
        boolean run(S store) throws Exception;
    }

    /** How many of eight threads at each store say that they won. */
    static <S> int winners(List<S> stores, Step<S> step) throws Exception {
        int threads = 8 * stores.size();
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                S store = stores.get(i % stores.size());
                results.add(executor.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return step.run(store);
                }));
            }
        }
        int winners = 0;
        for (Future<Boolean> result : results) {
            winners += result.get() ? 1 : 0;
        }
        return winners;
    }
}
