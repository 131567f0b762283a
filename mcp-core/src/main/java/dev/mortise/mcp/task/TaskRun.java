package dev.mortise.mcp.task;

import dev.mortise.mcp.extension.DetachedCall;
import dev.mortise.mcp.extension.RunningServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A task that is being worked on in this process. Its progress becomes the task's message, the newest first of all. */
final class TaskRun implements RunningServer.ProgressListener {
    private static final int LONGEST_MESSAGE = 1_000;
    private static final Duration PACE = Duration.ofMillis(200);

    private final String id;
    private final Instant expiry;
    private final BiConsumer<String, String> tell;
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile @Nullable String message;
    private volatile @Nullable DetachedCall call;
    private volatile boolean givenUp;
    private double last = Double.NEGATIVE_INFINITY;

    /** @param tell stores a message under the task's id; may block */
    TaskRun(String id, Instant expiry, BiConsumer<String, String> tell) {
        this.id = id;
        this.expiry = expiry;
        this.tell = tell;
    }

    String id() {
        return id;
    }

    Instant expiry() {
        return expiry;
    }

    void runs(DetachedCall running) {
        call = running;
    }

    DetachedCall call() {
        DetachedCall running = call;
        if (running == null) {
            throw new IllegalStateException("Task " + id + " has no call yet");
        }
        return running;
    }

    /** What comes of it does not matter any more: somebody else has ended it, or will take it up. */
    void giveUp() {
        givenUp = true;
        call().cancel();
    }

    boolean isGivenUp() {
        return givenUp;
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String text) {
        if (!Double.isFinite(progress) || progress <= last || givenUp) {
            return;
        }
        last = progress;
        String words =
                text != null ? text : total == null ? number(progress) : number(progress) + " of " + number(total);
        message = words.length() > LONGEST_MESSAGE ? words.substring(0, LONGEST_MESSAGE) : words;
        // The handler must not wait for the store; and while one message is stored, only the newest is worth the next.
        if (telling.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mortise-task-progress").start(this::tell);
        }
    }

    private void tell() {
        String told = null;
        do {
            try {
                for (String words = message; words != null && !words.equals(told) && !givenUp; words = message) {
                    tell.accept(id, words);
                    told = words;
                    Thread.sleep(PACE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                telling.set(false);
            }
            // Something may have been said between the last look and that.
        } while (!Objects.equals(message, told) && !givenUp && telling.compareAndSet(false, true));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
