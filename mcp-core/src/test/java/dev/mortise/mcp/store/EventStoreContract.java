package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every {@link EventStore}. */
@Timeout(60)
abstract class EventStoreContract {
    StoreHome home;
    EventStore one;
    EventStore other;
    final Instant end = Instant.now().plus(Duration.ofMinutes(5));

    abstract StoreHome open();

    @BeforeEach
    void connect() {
        home = open();
        one = home.events(20, 1000);
        other = home.events(20, 1000);
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> texts(List<StoredEvent> events) {
        return events.stream()
                .map(event -> new String(event.content(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void whatOneReplicaAppendsTheOtherReads() {
        long first = one.append("s", "a", bytes("1"), end);
        long second = other.append("s", "a", bytes("2"), end);
        long third = one.append("s", "b", bytes("3"), end);
        one.append("another session", "a", bytes("4"), end);
        assertThat(List.of(first, second, third)).isSorted().allMatch(position -> position > 0);
        assertThat(texts(other.read("s", "a", 0, 10))).containsExactly("1", "2");
        assertThat(other.read("s", "a", 0, 10))
                .extracting(StoredEvent::position)
                .containsExactly(first, second);
        assertThat(texts(other.read("s", "a", first, 10))).containsExactly("2");
        assertThat(texts(other.read("s", "a", 0, 1))).containsExactly("1");
        assertThat(other.read("s", "a", second, 10)).isEmpty();
        assertThat(other.read("s", "a", Long.MAX_VALUE, 10)).isEmpty();
        assertThat(texts(other.read("s", "b", 0, 10))).containsExactly("3");
        assertThat(other.read("nobody", "a", 0, 10)).isEmpty();
    }

    @Test
    void contentsAndNamesMayBeAnything() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        for (String name : List.of("", "\u0000", "\ud800", "Ünïcode 🙂", "x".repeat(10_000), "{s}", "'; --")) {
            one.append(name, name, all, end);
            one.append(name, name, new byte[0], end);
            List<StoredEvent> events = other.read(name, name, 0, 10);
            assertThat(events.get(0).content()).isEqualTo(all);
            assertThat(events.get(1).content()).isEmpty();
        }
    }

    @Test
    void theOldestAreLeftOutAndTheNewestStays() {
        for (int i = 0; i < 50; i++) {
            one.append("s", "a", bytes("event " + i), end);
        }
        List<String> left = texts(one.read("s", "a", 0, 100));
        assertThat(left).hasSize(20).endsWith("event 49").startsWith("event 30");

        one.append("s", "a", new byte[600], end);
        assertThat(one.read("s", "a", 0, 100)).hasSizeLessThanOrEqualTo(21);
        one.append("s", "a", new byte[600], end);
        assertThat(one.read("s", "a", 0, 100)).as("no more than 1000 bytes").hasSize(1);
        one.append("s", "a", new byte[5000], end);
        assertThat(one.read("s", "a", 0, 100)).as("the newest, however large").hasSize(1);
    }

    @Test
    void whatHasExpiredIsForgottenAndPositionsGoOnRising() throws Exception {
        long before = one.append("s", "a", bytes("old"), end);
        home.pass(Duration.ofMinutes(10));
        home.sweep();
        assertThat(one.read("s", "a", 0, 10)).isEmpty();
        long after = other.append("s", "a", bytes("new"), end);
        assertThat(after).isGreaterThan(before);
        assertThat(texts(one.read("s", "a", 0, 10))).containsExactly("new");
    }

    @Test
    void aDeletedSessionIsForgotten() {
        one.append("s", "a", bytes("1"), end);
        one.append("t", "a", bytes("2"), end);
        other.delete("s");
        other.delete("nobody");
        assertThat(one.read("s", "a", 0, 10)).isEmpty();
        assertThat(texts(one.read("t", "a", 0, 10))).containsExactly("2");
    }

    /** Positions appear in their order: whoever has read up to one will never miss an earlier one. */
    @Test
    void aReaderThatGoesOnFromTheLastPositionMissesNothing() throws Exception {
        EventStore wide = home.events(10_000, 1_000_000);
        List<Long> written = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean going = new AtomicBoolean(true);
        List<Long> read = new ArrayList<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            long last = 0;
            while (true) {
                boolean final1 = !going.get();
                List<StoredEvent> events = wide.read("s", "a", last, 50);
                for (StoredEvent event : events) {
                    last = event.position();
                    read.add(last);
                }
                if (final1 && events.isEmpty()) {
                    return;
                }
            }
        });
        EventStore second = home.events(10_000, 1_000_000);
        Race.winners(List.of(wide, second), store -> {
            for (int i = 0; i < 20; i++) {
                written.add(store.append("s", "a", bytes("x"), end));
            }
            return true;
        });
        going.set(false);
        reader.join();
        Collections.sort(written);
        assertThat(written).doesNotHaveDuplicates().hasSize(320);
        assertThat(read).isEqualTo(written);
    }
}
