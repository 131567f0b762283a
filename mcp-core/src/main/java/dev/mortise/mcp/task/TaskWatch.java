package dev.mortise.mcp.task;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes those who wait for something to happen to a task, here or at another replica. Thread-safe. */
final class TaskWatch implements AutoCloseable {
    private final Map<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();
    private final ServerEvents.Subscription subscription;

    TaskWatch(ServerEvents events) {
        this.subscription = events.subscribe(this::noted);
    }

    private void noted(ServerEvent event) {
        if (event instanceof ServerEvent.TopicChanged changed && changed.topic().equals(TaskLedger.TOPIC)) {
            waiting.getOrDefault(changed.key(), Set.of()).forEach(Waiter::wake);
        } else if (event instanceof ServerEvent.Missed) {
            waiting.values().forEach(all -> all.forEach(Waiter::wake));
        }
    }

    /** Whatever happens to the task from now on wakes the waiter. */
    Waiter on(String task) {
        Waiter waiter = new Waiter(task);
        waiting.compute(task, (id, others) -> {
            Set<Waiter> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(waiter);
            return all;
        });
        return waiter;
    }

    @Override
    public void close() {
        subscription.close();
    }

    /** One who waits. What happens between two waits is not missed. */
    final class Waiter implements AutoCloseable {
        private final String task;
        private final Semaphore news = new Semaphore(0);

        private Waiter(String task) {
            this.task = task;
        }

        void wake() {
            news.release();
        }

        /** Returns when something has happened since the last time, or after that time: events may get lost. */
        void await(Duration atMost) throws InterruptedException {
            if (news.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                news.drainPermits();
            }
        }

        @Override
        public void close() {
            waiting.computeIfPresent(task, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
