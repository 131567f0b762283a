package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteLoopTest {
    private static final Tenant ACME = Tenant.of("acme");
    private static final Tenant GLOBEX = Tenant.of("globex");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicBoolean diskIsFull = new AtomicBoolean();
    private final WriteLoop loop = new WriteLoop("test", this::publish, tenant -> events.add(tenant.name()));

    private void publish() throws IOException {
        if (diskIsFull.get()) {
            throw new IOException("full");
        }
        events.add("published");
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsToldOnceItIsVisible() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                loop.perform(ACME, () -> {
                    begun.countDown();
                    await(goOn);
                });
            } catch (StoreUnavailable e) {
                thrown.set(e);
            }
        });
        begun.await();
        caller.interrupt();
        caller.join();
        assertThat(thrown.get()).hasMessageContaining("Interrupted");
        assertThat(events).isEmpty();

        goOn.countDown();
        loop.close();

        assertThat(events).containsExactly("published", "acme");
    }

    @Test
    void aChangeThatFailsHalfwayIsToldToo() {
        assertThatThrownBy(() -> loop.perform(ACME, () -> {
                    throw new IOException("broken");
                }))
                .isInstanceOf(StoreUnavailable.class);

        assertThat(events).containsExactly("published", "acme");
        loop.close();
    }

    @Test
    void whatWasNotPublishedIsToldWithWhateverIsNext() {
        diskIsFull.set(true);
        assertThatThrownBy(() -> loop.perform(ACME, () -> {})).isInstanceOf(StoreUnavailable.class);
        diskIsFull.set(false);
        events.clear();

        loop.perform(GLOBEX, () -> {});

        assertThat(events)
                .containsExactlyInAnyOrder("published", "acme", "globex")
                .startsWith("published");
        events.clear();
        loop.perform(GLOBEX, () -> {});
        assertThat(events).containsExactly("published", "globex");
        loop.close();
    }

    @Test
    void aDocumentAtFaultIsToldApartFromAnIndexThatIs() {
        assertThatThrownBy(() -> loop.perform(ACME, () -> {
                    throw new IllegalArgumentException("immense");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("immense");
        loop.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
