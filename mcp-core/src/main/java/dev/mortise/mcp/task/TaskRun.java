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
    private final BiConsumer<String, Said> tell;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile @Nullable Said said;
    private volatile @Nullable DetachedCall call;
    private volatile boolean givenUp;
    private double last = Double.NEGATIVE_INFINITY;

    /** What the handler has said last: in words, and in numbers. */
    record Said(String words, TaskBody.Progress progress) {}

    /** @param tell stores a message under the task's id; may block */
    TaskRun(String id, Instant expiry, BiConsumer<String, Said> tell) {
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

    /** Whether its lease may be renewed: not while that is being done. */
    boolean beginRenewal() {
        return renewing.compareAndSet(false, true);
    }

    void endRenewal() {
        renewing.set(false);
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
        Double known = total == null || Double.isFinite(total) ? total : null;
        said = new Said(
                shortened(words), new TaskBody.Progress(progress, known, text == null ? null : shortened(text)));
        // The handler must not wait for the store; and while one message is stored, only the newest is worth the next.
        if (telling.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mortise-task-progress").start(this::tell);
        }
    }

    private void tell() {
        Said told = null;
        do {
            try {
                for (Said newest = said; newest != null && !newest.equals(told) && !givenUp; newest = said) {
                    tell.accept(id, newest);
                    told = newest;
                    Thread.sleep(PACE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                telling.set(false);
            }
            // Something may have been said between the last look and that.
        } while (!Objects.equals(said, told) && !givenUp && telling.compareAndSet(false, true));
    }

    private static String shortened(String words) {
        return words.length() > LONGEST_MESSAGE ? words.substring(0, LONGEST_MESSAGE) : words;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
