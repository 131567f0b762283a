package dev.mortise.mcp.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OutboxTest {
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger gone = new AtomicInteger();
    private final Outbox outbox = new Outbox(notification -> written.add(text(notification)), gone::incrementAndGet);

    /** A reader that takes one notification for each permit. */
    private final Semaphore permits = new Semaphore(0);

    private final CountDownLatch firstArrived = new CountDownLatch(1);
    private final Outbox slow = new Outbox(
            notification -> {
                firstArrived.countDown();
                permits.acquireUninterruptibly();
                written.add(text(notification));
            },
            gone::incrementAndGet);

    @Test
    void writesInOrderAndTheEndLast() {
        outbox.offer(log("a"));
        outbox.offer(log("b"));

        assertThat(outbox.finish(() -> written.add("end"))).isTrue();

        assertThat(written).containsExactly("log a", "log b", "end");
    }

    @Test
    void endsOnceAndTakesNothingAfterwards() {
        outbox.finish(() -> written.add("end"));

        outbox.offer(log("late"));
        assertThat(outbox.finish(() -> written.add("again"))).isFalse();
        assertThatThrownBy(() -> outbox.deliver(log("late"))).isInstanceOf(IOException.class);

        assertThat(written).containsExactly("end");
    }

    @Test
    void returnsFromDeliverWhenItIsWritten() throws IOException {
        outbox.offer(log("a"));
        outbox.deliver(log("b"));

        assertThat(written).containsExactly("log a", "log b");
    }

    @Test
    void letsNewerProgressTakeThePlaceOfProgressThatWaits() throws InterruptedException {
        occupySlowReader();

        slow.offer(progress(1));
        slow.offer(log("between"));
        slow.offer(progress(2));
        slow.offer(progress(3));
        permits.release(10);
        slow.finish(() -> {});

        assertThat(written).containsExactly("log first", "log between", "progress 3");
    }

    @Test
    void saysLookAgainOnce() throws InterruptedException {
        occupySlowReader();
        Message.Notification changed =
                Message.Notification.of("notifications/tools/list_changed", Json.parse("{\"_meta\":{\"s\":1}}"));

        slow.offer(changed);
        slow.offer(changed);
        slow.offer(log("twice"));
        slow.offer(log("twice"));
        permits.release(10);
        slow.finish(() -> {});

        assertThat(written).containsExactly("log first", "notifications/tools/list_changed", "log twice", "log twice");
    }

    @Test
    void dropsTheNewestBeyondItsBoundAndNeverWhatIsAwaited() throws Exception {
        occupySlowReader();
        IntStream.range(0, Backlog.CAPACITY + 50).forEach(i -> slow.offer(log("x" + i)));
        CompletableFuture<Void> delivered = CompletableFuture.runAsync(() -> deliver(slow, log("awaited")));
        permits.release(Backlog.CAPACITY + 2);
        delivered.get();

        assertThat(written).hasSize(Backlog.CAPACITY + 2).endsWith("log x" + (Backlog.CAPACITY - 1), "log awaited");
    }

    @Test
    void treatsAFailingWriteAsGoneAndTellsOnce() {
        Outbox broken = new Outbox(
                notification -> {
                    throw new IOException("reset");
                },
                gone::incrementAndGet);
        broken.onGone(gone::incrementAndGet);

        assertThatThrownBy(() -> broken.deliver(log("a"))).isInstanceOf(IOException.class);
        assertThat(broken.finish(() -> written.add("end"))).isFalse();
        broken.abandon();

        assertThat(gone).hasValue(2);
        assertThat(written).isEmpty();
        broken.onGone(gone::incrementAndGet);
        assertThat(gone).hasValue(3);
    }

    @Test
    void anActionThatFailsBadlyKeepsNobodyWaiting() throws Exception {
        Outbox failing = new Outbox(notification -> {
            throw new AssertionError("broken");
        });
        failing.onGone(() -> {
            throw new StackOverflowError("an action's own");
        });
        failing.onGone(gone::incrementAndGet);

        assertThatThrownBy(() -> failing.deliver(log("a"))).isInstanceOf(IOException.class);
        failing.awaitEnd();

        assertThat(gone).hasValue(1);
        assertThat(failing.finish(() -> written.add("end"))).isFalse();
    }

    @Test
    void treatsAFailingEndAsGone() {
        assertThat(outbox.finish(() -> {
                    throw new IOException("reset");
                }))
                .isFalse();

        assertThat(gone).hasValue(1);
        outbox.awaitEnd();
    }

    @Test
    void forgetsWhoWaitsForItsGoingOnceTheEndIsWritten() {
        outbox.finish(() -> {});
        outbox.abandon();
        outbox.onGone(gone::incrementAndGet);

        assertThat(gone).hasValue(0);
    }

    @Test
    void freesWhoeverWaitsForAReaderThatIsGone() throws Exception {
        occupySlowReader();
        CompletableFuture<Void> delivery = CompletableFuture.runAsync(() -> deliver(slow, log("b")));
        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> slow.finish(() -> written.add("end")));

        slow.abandon();

        assertThat(end.get()).isFalse();
        assertThat(delivery).failsWithin(java.time.Duration.ofSeconds(5));
        assertThat(gone).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheWriting() throws Exception {
        occupySlowReader();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread handler = Thread.ofVirtual().start(() -> {
            try {
                slow.deliver(log("withdrawn"));
            } catch (InterruptedIOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        handler.interrupt();
        assertThat(interrupted.get()).isTrue();

        permits.release(10);
        slow.finish(() -> written.add("end"));
        assertThat(written).containsExactly("log first", "end");
    }

    @Test
    void keepsAPendingInterruptAwayFromTheWrite() {
        Thread.currentThread().interrupt();
        outbox.finish(() -> written.add("interrupted " + Thread.currentThread().isInterrupted()));

        assertThat(written).containsExactly("interrupted false");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void beatsOnlyWhenIdle() throws Exception {
        outbox.whenIdle(() -> written.add("beat"));
        occupySlowReader();
        slow.whenIdle(() -> written.add("beat of a busy one"));
        outbox.finish(() -> {});
        outbox.whenIdle(() -> written.add("beat after the end"));
        permits.release();
        slow.finish(() -> {});

        assertThat(written).containsExactly("beat", "log first");
    }

    @Test
    void awaitsTheEndOfAWriteThatIsUnderWay() throws Exception {
        occupySlowReader();
        CompletableFuture<Void> end = CompletableFuture.runAsync(slow::awaitEnd);
        slow.abandon();
        assertThat(end).isNotDone();

        permits.release();
        end.get();
        assertThat(written).containsExactly("log first");
    }

    @Test
    void keepsOneWriterAtATimeUnderLoad() throws Exception {
        AtomicInteger writers = new AtomicInteger();
        List<String> overlaps = new CopyOnWriteArrayList<>();
        List<String> delivered = new ArrayList<>();
        Outbox.Last exclusive = () -> {
            if (writers.incrementAndGet() != 1) {
                overlaps.add("two writers");
            }
            Thread.onSpinWait();
            writers.decrementAndGet();
        };
        Outbox busy = new Outbox(
                notification -> {
                    exclusive.write();
                    delivered.add(text(notification));
                },
                () -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                work.add(threads.submit(() -> IntStream.range(0, 2_000).forEach(i -> busy.offer(progress(i)))));
                work.add(threads.submit(() -> IntStream.range(0, 500).forEach(i -> deliver(busy, log("x")))));
                work.add(threads.submit(() -> IntStream.range(0, 500).forEach(i -> beat(busy, exclusive))));
            }
            for (Future<?> future : work) {
                future.get();
            }
        }
        boolean finished = busy.finish(() -> {
            exclusive.write();
            delivered.add("end");
        });

        assertThat(finished).isTrue();
        assertThat(overlaps).isEmpty();
        assertThat(delivered).endsWith("end").filteredOn("log x"::equals).hasSize(2_000);
    }

    private void occupySlowReader() throws InterruptedException {
        slow.offer(log("first"));
        firstArrived.await();
    }

    private static void beat(Outbox outbox, Outbox.Last write) {
        try {
            outbox.whenIdle(write);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void deliver(Outbox outbox, Message.Notification notification) {
        try {
            outbox.deliver(notification);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Message.Notification log(String text) {
        return new Message.Notification("notifications/message", Json.tree("log " + text));
    }

    private static Message.Notification progress(int value) {
        return new Message.Notification("notifications/progress", Json.tree("progress " + value));
    }

    private static String text(Message.Notification notification) {
        return notification.params() != null && notification.params().isString()
                ? notification.params().stringValue()
                : notification.method();
    }
}
