package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every {@link SessionStore}. */
@Timeout(60)
abstract class SessionStoreContract {
    StoreHome home;
    SessionStore one;
    SessionStore other;
    final Instant end =
            Instant.ofEpochMilli(Instant.now().plus(Duration.ofMinutes(30)).toEpochMilli());

    abstract StoreHome open();

    @BeforeEach
    void connect() {
        home = open();
        one = home.sessions(1000, 5);
        other = home.sessions(1000, 5);
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    StoredSession session(String id, String group) {
        return new StoredSession(id, "owner of " + id, group, 1, bytes("content of " + id), end);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void assertSame(Optional<StoredSession> found, StoredSession expected) {
        assertThat(found).get().usingRecursiveComparison().isEqualTo(expected);
    }

    /** Created and used once. */
    StoredSession inUse(SessionStore store, String id, String group) {
        StoredSession session = session(id, group);
        assertThat(store.create(session)).isTrue();
        assertThat(store.touch(id, end)).isTrue();
        return session;
    }

    @Test
    void whatOneReplicaCreatesTheOtherFinds() {
        StoredSession session = session("a", "g");
        assertThat(one.create(session)).isTrue();
        assertSame(other.find("a"), session);
        assertThat(other.find("b")).isEmpty();
        assertThat(other.touch("a", end.plusSeconds(60))).isTrue();
        assertSame(one.find("a"), session.until(end.plusSeconds(60)));
        one.delete("a");
        assertThat(other.find("a")).isEmpty();
        assertThat(other.touch("a", end)).isFalse();
        other.delete("a");
    }

    @Test
    void everyValueComesBackAsItWas() {
        byte[] all = new byte[64 * 1024];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<String> texts =
                List.of("", "\u0000", "\ud800", "\\u0000", "a\\b", "Ünïcode 🙂", "x".repeat(20_000), "'; --", "{g}");
        for (String text : texts) {
            String id = "id-" + texts.indexOf(text);
            StoredSession session = new StoredSession(id, text, text, 7, all, end);
            assertThat(one.create(session)).isTrue();
            assertSame(other.find(id), session);
            assertThat(other.touch(id, end)).isTrue();
        }
        assertThat(one.create(new StoredSession("empty", "", "", 1, new byte[0], end)))
                .isTrue();
        assertThat(one.find("empty").orElseThrow().content()).isEmpty();
    }

    @Test
    void aRevisionIsReplacedByTheNextOnly() {
        StoredSession first = inUse(one, "a", "g");
        StoredSession second = first.next(bytes("second"));
        assertThat(other.replace(second)).isTrue();
        assertThat(one.replace(second)).isFalse();
        assertThat(one.replace(second.next(bytes("third")).next(bytes("fourth"))))
                .isFalse();
        assertSame(one.find("a"), second);
        assertThat(one.replace(session("none", "g").next(bytes("x")))).isFalse();
    }

    @Test
    void ofManyReplacementsAtTheSameMomentOneWins() throws Exception {
        StoredSession current = inUse(one, "a", "g");
        for (int i = 0; i < 10; i++) {
            StoredSession next = current.next(bytes("revision " + i));
            assertThat(Race.winners(List.of(one, other), store -> store.replace(next)))
                    .isEqualTo(1);
            current = next;
        }
        assertThat(one.find("a").orElseThrow().revision()).isEqualTo(11);
    }

    @Test
    void allMayUseANewSessionAtTheSameMoment() throws Exception {
        for (int i = 0; i < 5; i++) {
            String id = "new-" + i;
            one.create(session(id, "g-" + i));
            assertThat(Race.winners(List.of(one, other), store -> store.touch(id, end)))
                    .isEqualTo(16);
        }
    }

    @Test
    void aSessionExpiresUnlessItIsUsed() throws Exception {
        inUse(one, "used", "g");
        inUse(one, "idle", "g");
        one.create(session("probation", "g"));
        home.pass(Duration.ofMinutes(20));
        assertThat(one.touch("used", end.plus(Duration.ofMinutes(20)))).isTrue();
        home.pass(Duration.ofMinutes(20));
        assertThat(other.find("used")).isPresent();
        assertThat(other.find("idle")).isEmpty();
        assertThat(other.touch("idle", end.plus(Duration.ofMinutes(20)))).isFalse();
        assertThat(other.replace(session("idle", "g").next(bytes("x")))).isFalse();
        assertThat(other.find("probation")).isEmpty();
        home.sweep();
        assertThat(one.find("used")).isPresent();
    }

    @Test
    void aGroupHasItsOwnBoundAndLosesWhatItUsedLeast() throws Exception {
        for (int i = 0; i < 5; i++) {
            inUse(one, "mine-" + i, "mine");
            home.pass(Duration.ofSeconds(1));
        }
        inUse(one, "theirs", "theirs");
        assertThat(other.touch("mine-0", end)).isTrue();
        home.pass(Duration.ofSeconds(1));

        inUse(one, "mine-5", "mine");
        assertThat(one.find("mine-1")).as("used for the longest time not").isEmpty();
        assertThat(one.find("mine-0")).isPresent();
        assertThat(one.find("theirs")).isPresent();
    }

    @Test
    void aFloodOfNewSessionsDisplacesItsOwnAndNeverOneInUse() throws Exception {
        inUse(one, "in use", "flood");
        one.create(session("other on probation", "other"));
        home.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 200; i++) {
            assertThat(one.create(session("flood-" + i, "flood"))).isTrue();
        }
        assertThat(one.find("in use")).isPresent();
        assertThat(one.find("other on probation")).isPresent();
        assertThat(one.find("flood-0")).isEmpty();
        assertThat(one.find("flood-199")).isPresent();
        long left = 0;
        for (int i = 0; i < 200; i++) {
            left += one.find("flood-" + i).isPresent() ? 1 : 0;
        }
        assertThat(left).isEqualTo(10);
    }

    @Test
    void aFloodFromEverywhereIsBounded() {
        inUse(one, "in use", "mine");
        for (int i = 0; i < 300; i++) {
            assertThat(one.create(session("flood-" + i, "address-" + i))).isTrue();
        }
        assertThat(one.find("in use")).isPresent();
        long left = 0;
        for (int i = 0; i < 300; i++) {
            left += one.find("flood-" + i).isPresent() ? 1 : 0;
        }
        assertThat(left).isBetween(1L, 101L);
        assertThat(one.find("flood-299")).isPresent();
    }

    @Test
    void aFullStoreTakesNobodyOffProbationUntilSomeoneLeaves() throws Exception {
        SessionStore small = open().sessions(10, 5);
        for (int i = 0; i < 10; i++) {
            inUse(small, "id-" + i, "group-" + i);
        }
        assertThat(small.create(session("late", "late"))).isTrue();
        assertThat(small.touch("late", end)).isFalse();
        assertThat(small.touch("id-0", end)).as("those inside are served").isTrue();
        small.delete("id-3");
        Eventually.holds("there is room", () -> small.touch("late", end));
    }
}
