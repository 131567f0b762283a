package dev.mortise.security.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Target;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Grant;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.key.StoredKey;
import dev.mortise.security.standing.Change;
import dev.mortise.security.user.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for all stores. */
@Timeout(120)
abstract class SecurityStoresContract {
    final Instant now = Instant.ofEpochMilli(1_800_000_000_123L);
    final Instant later = now.plus(Duration.ofMinutes(10));

    Home home;
    SecurityStores stores;

    abstract Home open();

    @BeforeEach
    void openHome() {
        home = open();
        stores = home.stores();
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    static StoredKey key(String id, KeyLimits limits, String tenant, String parent) {
        return new StoredKey(
                id,
                "00".repeat(32),
                "test",
                "ann",
                tenant,
                "Ann's \"key\"",
                limits,
                parent,
                Instant.ofEpochMilli(1_700_000_000_000L),
                null,
                null);
    }

    @Test
    void keepsAKeyAsItWas() {
        KeyLimits limits = new KeyLimits(Set.of("a", "b:c"), SecurityLevel.HIGH, Set.of("x", "y"), 0L, later);
        StoredKey full = key("full", limits, "acme", null);
        StoredKey bare = key("bare", new KeyLimits(Set.of(), SecurityLevel.LOW, Set.of(), null, null), null, null);
        assertThat(stores.keys().add(full, now)).isTrue();
        assertThat(stores.keys().add(bare, now)).isTrue();
        KeyStore other = home.stores().keys();
        assertThat(other.find("full")).contains(full);
        assertThat(other.find("bare")).contains(bare);
        assertThat(other.find("none")).isEmpty();
        assertThat(other.find("a\0b")).isEmpty();
        assertThatThrownBy(() -> other.add(full, now)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void revokesAllThatDescendFromAKey() {
        KeyStore keys = stores.keys();
        keys.add(key("a", KeyLimits.BASIC, null, null), now);
        keys.add(key("b", KeyLimits.BASIC, null, "a"), now);
        keys.add(key("c", KeyLimits.BASIC, null, "b"), now);
        keys.add(key("d", KeyLimits.BASIC, null, null), now);
        long before = stores.changes().position();
        assertThat(keys.revoke("a", now)).isTrue();
        assertThat(keys.revoke("a", later)).isFalse();
        assertThat(keys.revoke("none", now)).isFalse();
        for (String id : List.of("a", "b", "c")) {
            assertThat(keys.find(id).orElseThrow().revokedAt()).isEqualTo(now);
        }
        assertThat(keys.find("d").orElseThrow().revokedAt()).isNull();
        assertThat(home.stores().changes().after(before, 100))
                .extracting(Change::id)
                .contains("a", "b", "c")
                .doesNotContain("d");
        assertThat(keys.add(key("e", KeyLimits.BASIC, null, "c"), now)).isFalse();
        assertThat(keys.find("e")).isEmpty();
    }

    @Test
    void aKeyAndItsDescendantsTogetherSpendNoMoreThanEachMay() {
        KeyStore keys = stores.keys();
        keys.add(key("top", KeyLimits.BASIC.withSpend(10), null, null), now);
        keys.add(key("one", KeyLimits.BASIC.withSpend(6), null, "top"), now);
        keys.add(key("two", KeyLimits.BASIC.withSpend(10), null, "top"), now);
        keys.add(key("free", KeyLimits.BASIC, null, null), now);
        assertThat(keys.spend("one", 5)).isTrue();
        assertThat(keys.spend("one", 2)).isFalse();
        assertThat(keys.spent("one")).isEqualTo(5);
        assertThat(keys.spent("top")).isEqualTo(5);
        // The other has as many, but their parent does not: then it takes none of either.
        assertThat(keys.spend("two", 6)).isFalse();
        assertThat(keys.spent("two")).isZero();
        assertThat(keys.spent("top")).isEqualTo(5);
        assertThat(keys.spend("two", 5)).isTrue();
        assertThat(keys.spend("top", 1)).isFalse();
        keys.giveBack("two", 5);
        assertThat(keys.spend("top", 5)).isTrue();
        assertThat(keys.spend("free", Long.MAX_VALUE)).isTrue();
        assertThat(keys.spent("free")).isZero();
        assertThat(keys.spent("none")).isZero();
        assertThat(home.stores().keys().spent("top")).isEqualTo(10);
    }

    @Test
    void aSuccessorGoesOnSpendingWhereTheKeyBeforeItWas() {
        KeyStore keys = stores.keys();
        keys.add(key("old", KeyLimits.BASIC.withSpend(10), null, null), now);
        assertThat(keys.spend("old", 7)).isTrue();
        keys.replace("old", key("new", KeyLimits.BASIC.withSpend(10), null, null), later, now);
        assertThat(keys.spent("new")).isEqualTo(7);
        // While both are good they share what is left.
        assertThat(keys.spend("old", 2)).isTrue();
        assertThat(keys.spend("new", 2)).isFalse();
        assertThat(keys.spend("new", 1)).isTrue();
        assertThat(keys.spend("old", 1)).isFalse();
    }

    @Test
    void whatWasPaidForACallThatPausesIsTakenOutOnce() throws Exception {
        KeyStore keys = stores.keys();
        KeyStore other = home.stores().keys();
        keys.keepPayment("p1", now);
        keys.keepPayment("p2", now);
        keys.keepPayment("p3", later);
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                KeyStore one = i % 2 == 0 ? keys : other;
                all.add(threads.submit(() -> taken.addAndGet(one.takePayment("p1") ? 1 : 0)));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(taken).hasValue(1);
        keys.sweep(later);
        assertThat(other.takePayment("p2")).isFalse();
        assertThat(other.takePayment("p3")).isTrue();
        assertThat(keys.takePayment("none")).isFalse();
    }

    @Test
    void whatIsLeftIsGivenOutOnce() throws Exception {
        stores.keys().add(key("shared", KeyLimits.BASIC.withSpend(50), null, null), now);
        stores.keys().add(key("left", KeyLimits.BASIC.withSpend(50), null, "shared"), now);
        stores.keys().add(key("right", KeyLimits.BASIC.withSpend(50), null, "shared"), now);
        AtomicInteger given = new AtomicInteger();
        KeyStore other = home.stores().keys();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                KeyStore keys = i % 2 == 0 ? stores.keys() : other;
                String id = i % 3 == 0 ? "left" : "right";
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 20; n++) {
                        if (keys.spend(id, 1)) {
                            given.incrementAndGet();
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(given).hasValue(50);
        assertThat(other.spent("shared")).isEqualTo(50);
        assertThat(other.spent("left") + other.spent("right")).isEqualTo(50);
    }

    @Test
    void ofTwoSuccessorsThatWereMadeAtOnceOneIsTaken() {
        KeyStore keys = stores.keys();
        keys.add(key("old", KeyLimits.BASIC, null, null), now);
        StoredKey first = key("first", KeyLimits.BASIC, null, null);
        StoredKey second = key("second", KeyLimits.BASIC, null, null);
        assertThat(keys.replace("old", first, later, now)).isTrue();
        assertThat(keys.replace("old", second, later, now)).isFalse();
        assertThat(keys.find("second")).isEmpty();
        // Whoever has seen that it was replaced may: that one ends with the first.
        assertThat(keys.replace("old", second.withParent("first"), later, now)).isTrue();
    }

    @Test
    void aSuccessorTakesOverTheChildren() {
        KeyStore keys = stores.keys();
        keys.add(key("old", KeyLimits.BASIC.withExpiry(later), null, null), now);
        keys.add(key("child", KeyLimits.BASIC.withExpiry(later), null, "old"), now);
        Instant soon = now.plusSeconds(60);
        assertThat(keys.replace("old", key("new", KeyLimits.BASIC, null, null), soon, now))
                .isTrue();
        assertThat(keys.find("old").orElseThrow().limits().expiresAt()).isEqualTo(soon);
        assertThat(keys.find("child").orElseThrow().parent()).isEqualTo("new");
        assertThat(keys.find("old").orElseThrow().parent()).isEqualTo("new");
        assertThat(keys.replace("new", key("newest", KeyLimits.BASIC, null, null), later, now))
                .isTrue();
        assertThat(keys.find("new").orElseThrow().limits().expiresAt()).isEqualTo(later);
        // An earlier end stays.
        assertThat(keys.replace("old", key("other", KeyLimits.BASIC, null, "newest"), later, now))
                .isTrue();
        assertThat(keys.find("old").orElseThrow().limits().expiresAt()).isEqualTo(soon);
        assertThat(keys.replace("old", key("late", KeyLimits.BASIC, null, "other"), later, soon))
                .isFalse();
        assertThat(keys.find("late")).isEmpty();
    }

    @Test
    void listsKeysOfOneTenantInOrder() {
        KeyStore keys = stores.keys();
        for (String id : List.of("b", "a", "Z", "c")) {
            keys.add(key(id, KeyLimits.BASIC, id.equals("c") ? "other" : "acme", null), now);
        }
        assertThat(keys.list("acme", null, 2)).extracting(StoredKey::id).containsExactly("Z", "a");
        assertThat(keys.list("acme", "a", 2)).extracting(StoredKey::id).containsExactly("b");
        assertThat(keys.list(null, null, 10)).extracting(StoredKey::id).containsExactly("Z", "a", "b", "c");
    }

    @Test
    void useIsTakenDownForward() {
        KeyStore keys = stores.keys();
        keys.add(key("a", KeyLimits.BASIC, null, null), now);
        keys.used(Map.of("a", later, "gone", later));
        keys.used(Map.of("a", now));
        assertThat(keys.find("a").orElseThrow().lastUsedAt()).isEqualTo(later);
    }

    @Test
    void keepsUsers() {
        User ann = new User("ann", "acme", "Ann", Set.of("reader", "two words"), now, null);
        User other = new User("ann", null, "", Set.of(), now, later);
        assertThat(stores.users().add(ann)).isTrue();
        assertThat(stores.users().add(ann)).isFalse();
        assertThat(stores.users().add(other)).isTrue();
        long before = stores.changes().position();
        User disabled = new User("ann", "acme", "Ann", Set.of(), now, later);
        assertThat(stores.users().change(ann.identity(), user -> disabled)).isTrue();
        assertThat(home.stores().users().find(ann.identity())).contains(disabled);
        assertThat(home.stores().users().find(other.identity())).contains(other);
        assertThat(stores.changes().after(before, 10))
                .extracting(Change::kind, Change::id)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Change.Kind.USER, ann.identity()));
        assertThat(stores.users().list("acme", null, 10)).containsExactly(disabled);
        assertThat(stores.users().change("-:nobody", user -> user)).isFalse();
    }

    @Test
    void changesOfAUserAreMadeOneAfterTheOther() throws Exception {
        User ann = new User("ann", null, "", Set.of(), now, null);
        stores.users().add(ann);
        List<SecurityStores> replicas = List.of(stores, home.stores());
        List<Callable<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String role = "r" + i;
            SecurityStores replica = replicas.get(i % 2);
            changes.add(() -> replica.users().change(ann.identity(), user -> {
                Set<String> roles = new java.util.HashSet<>(user.roles());
                roles.add(role);
                return new User("ann", null, "", roles, now, null);
            }));
        }
        assertThat(atOnce(changes)).isEqualTo(8);
        assertThat(stores.users().find(ann.identity()).orElseThrow().roles()).hasSize(8);
    }

    @Test
    void aRevocationIsNotShortenedByAnother() {
        Instant today = Instant.now();
        Instant longAgo = today.minus(Duration.ofDays(2));
        stores.revokedCredentials().revoke("t", today.plusSeconds(3600));
        stores.revokedCredentials().revoke("t", longAgo);
        // A replica whose clock is ten minutes behind still takes it.
        stores.revokedCredentials().revoke("over here", today.minusSeconds(600));
        // What is over is forgotten now and then.
        for (int i = 0; i < 130; i++) {
            stores.revokedCredentials().revoke("t" + i, longAgo);
        }
        assertThat(stores.revokedCredentials().isRevoked("t")).isTrue();
        assertThat(stores.revokedCredentials().isRevoked("over here")).isTrue();
        assertThat(stores.revokedCredentials().isRevoked("t0")).isFalse();
    }

    @Test
    void revokedTokensAreKnownEverywhere() {
        assertThat(stores.revokedCredentials().isRevoked("t")).isFalse();
        stores.revokedCredentials().revoke("t", Instant.now().plusSeconds(60));
        assertThat(home.stores().revokedCredentials().isRevoked("t")).isTrue();
    }

    Grant grant(String id, String tenant, Instant expiry) {
        return new Grant(id, "4:acme:ann", "ann", tenant, Target.Kind.TOOL, "drop", "pin", "-:root", now, expiry, null);
    }

    @Test
    void keepsGrants() {
        AccessStore access = stores.access();
        Grant good = grant("g1", "acme", later);
        access.add(good);
        access.add(grant("g2", "other", now));
        assertThat(home.stores().access().grantsOf("4:acme:ann", now)).containsExactly(good);
        assertThat(access.grants("other", null, 10)).extracting(Grant::id).containsExactly("g2");
        assertThat(access.revokeGrant("g2", now)).isFalse();
        assertThat(access.revokeGrant("g1", now)).isTrue();
        assertThat(access.revokeGrant("g1", now)).isFalse();
        assertThat(access.grantsOf("4:acme:ann", now)).isEmpty();
        assertThat(access.grant("g1").orElseThrow().revokedAt()).isEqualTo(now);
    }

    Approval approval(String id, String digest) {
        return new Approval(
                id,
                Approval.Purpose.CALL,
                "4:acme:ann",
                "ann",
                "acme",
                Target.Kind.TOOL,
                "drop",
                digest,
                "pin",
                "{\"a\":\"\\u0000\"}",
                Approval.Status.PENDING,
                now,
                later,
                null,
                null,
                null,
                0);
    }

    @Test
    void theSameIsAskedForOnce() {
        AccessStore access = stores.access();
        Approval first = approval("a1", "d1");
        assertThat(access.request(first, 2, now)).contains(first);
        assertThat(home.stores().access().request(approval("a2", "d1"), 2, now)).contains(first);
        assertThat(access.request(approval("a3", "d2"), 2, now)).isPresent();
        assertThat(access.request(approval("a4", "d3"), 2, now)).isEmpty();
        // What has expired makes room.
        assertThat(access.request(approval("a5", "d1"), 2, later))
                .map(Approval::id)
                .contains("a5");
    }

    @Test
    void isDecidedOnce() {
        AccessStore access = stores.access();
        access.request(approval("a1", "d1"), 10, now);
        assertThat(access.use("a1", "call", 1, now)).isFalse();
        assertThat(access.decide("a1", Approval.Status.APPROVED, "bob", later, null))
                .isFalse();
        assertThat(access.decide("a1", Approval.Status.APPROVED, "bob", now, null))
                .isTrue();
        assertThat(access.decide("a1", Approval.Status.DENIED, "eve", now, null))
                .isFalse();
        Approval approved = home.stores().access().approval("a1").orElseThrow();
        assertThat(approved.status()).isEqualTo(Approval.Status.APPROVED);
        assertThat(approved.by()).isEqualTo("bob");
        assertThat(access.use("a1", "call", 1, later)).isFalse();
        assertThat(access.revokeApproval("a1", "bob", now)).isTrue();
        assertThat(access.use("a1", "call", 1, now)).isFalse();
        assertThat(access.decide("none", Approval.Status.DENIED, "eve", now, null))
                .isFalse();
    }

    @Test
    void aGrantComesWithItsDecision() {
        AccessStore access = stores.access();
        access.request(approval("a1", "d1"), 10, now);
        assertThat(access.decide("a1", Approval.Status.USED, "bob", now, grant("g", "acme", later)))
                .isTrue();
        assertThat(access.decide("a1", Approval.Status.USED, "bob", now, grant("h", "acme", later)))
                .isFalse();
        assertThat(access.grants(null, null, 10)).extracting(Grant::id).containsExactly("g");
    }

    @Test
    void aCallUsesAnApprovalInEachOfItsRoundsOnce() {
        AccessStore access = stores.access();
        access.request(approval("a1", "d1"), 10, now);
        access.decide("a1", Approval.Status.APPROVED, "bob", now, null);
        assertThat(access.use("a1", "call", 2, now)).isTrue();
        assertThat(access.use("a1", "call", 2, now)).isFalse();
        assertThat(access.use("a1", "other", 3, now)).isFalse();
        assertThat(access.use("a1", "call", 3, later.plusSeconds(1))).isTrue();
        assertThat(access.use("a1", "call", 3, now)).isFalse();
        Approval used = access.usedBy("call").orElseThrow();
        assertThat(used.id()).isEqualTo("a1");
        assertThat(used.arguments()).isEmpty();
        assertThat(access.usedBy("other")).isEmpty();
    }

    @Test
    void whatACallGivesBackMayBeUsedOnceMore() {
        AccessStore access = stores.access();
        access.request(approval("a1", "d1"), 10, now);
        assertThat(access.giveBack("a1", "call", 1)).isFalse();
        access.decide("a1", Approval.Status.APPROVED, "bob", now, null);
        assertThat(access.giveBack("a1", "call", 1)).isFalse();
        access.use("a1", "call", 1, now);
        assertThat(access.giveBack("a1", "other", 1)).isFalse();
        assertThat(access.giveBack("a1", "call", 2)).isFalse();
        assertThat(access.giveBack("a1", "call", 1)).isTrue();
        assertThat(access.giveBack("a1", "call", 1)).isFalse();
        assertThat(access.usedBy("call")).isEmpty();
        assertThat(access.approval("a1").orElseThrow().by()).isEqualTo("bob");
        assertThat(access.use("a1", "other", 1, later)).isFalse();
        assertThat(access.use("a1", "other", 1, now)).isTrue();
        assertThat(access.use("a1", "third", 1, now)).isFalse();
    }

    @Test
    void ofManyWhoUseAnApprovalAtOnceOneMay() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "a" + round;
            stores.access().request(approval(id, "d" + round), 10, now);
            stores.access().decide(id, Approval.Status.APPROVED, "bob", now, null);
            List<AccessStore> replicas = List.of(stores.access(), home.stores().access());
            List<Callable<Boolean>> uses = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                AccessStore replica = replicas.get(i % 2);
                String call = "call" + round + "-" + i;
                uses.add(() -> replica.use(id, call, 1, now));
            }
            assertThat(atOnce(uses)).isEqualTo(1);
        }
    }

    @Test
    void ofManyWhoAskAtOnceAllGetTheSame() throws Exception {
        List<AccessStore> replicas = List.of(stores.access(), home.stores().access());
        List<Callable<Boolean>> requests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            AccessStore replica = replicas.get(i % 2);
            String id = "a" + i;
            requests.add(() -> replica.request(approval(id, "same"), 10, now)
                    .orElseThrow()
                    .id()
                    .equals(id));
        }
        assertThat(atOnce(requests)).isEqualTo(1);
        assertThat(stores.access().approvals(null, null, null, 100)).hasSize(1);
    }

    private static int atOnce(List<Callable<Boolean>> steps) throws Exception {
        CyclicBarrier start = new CyclicBarrier(steps.size());
        int yes = 0;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (Callable<Boolean> step : steps) {
                results.add(executor.submit(() -> {
                    start.await(20, TimeUnit.SECONDS);
                    return step.call();
                }));
            }
            for (Future<Boolean> result : results) {
                yes += result.get() ? 1 : 0;
            }
        }
        return yes;
    }

    @Test
    void forgetsWhatEndedLongAgo() {
        AccessStore access = stores.access();
        access.request(approval("a1", "d1"), 10, now);
        access.add(grant("g1", "acme", later));
        access.sweep(later);
        assertThat(access.approval("a1")).isPresent();
        access.sweep(later.plusMillis(1));
        assertThat(access.approval("a1")).isEmpty();
        assertThat(access.grant("g1")).isEmpty();
    }

    @Test
    void changesComeInTheirOrder() throws Exception {
        long before = stores.changes().position();
        List<SecurityStores> replicas = List.of(stores, home.stores());
        List<Callable<Boolean>> writes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String id = "u" + i;
            SecurityStores replica = replicas.get(i % 2);
            writes.add(() -> {
                replica.users().announce(id);
                return true;
            });
        }
        assertThat(atOnce(writes)).isEqualTo(12);
        List<Change> changes = stores.changes().after(before, 100);
        assertThat(changes).hasSize(12).isSortedAccordingTo(java.util.Comparator.comparing(Change::position));
        assertThat(stores.changes().after(before, 5)).isEqualTo(changes.subList(0, 5));
        assertThat(stores.changes().position()).isEqualTo(changes.get(11).position());
    }
}
