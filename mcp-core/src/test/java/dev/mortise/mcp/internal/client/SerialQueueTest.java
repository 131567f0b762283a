package dev.mortise.mcp.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SerialQueueTest {
    @Test
    void aSlowListenerHoldsOnToABoundedSize() throws Exception {
        SerialQueue queue = new SerialQueue();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        List<Integer> heard = new CopyOnWriteArrayList<>();
        queue.add(
                () -> {
                    busy.countDown();
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                null);
        busy.await();
        JsonNode large = Json.object().set("data", Json.tree("x".repeat(10 * 1024 * 1024)));
        for (int i = 0; i < 8; i++) {
            int number = i;
            queue.add(() -> heard.add(number), large);
        }
        free.countDown();
        queue.awaitEmpty(Duration.ofSeconds(20));
        assertThat(heard).containsExactly(5, 6, 7);
    }
}
