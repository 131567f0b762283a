package dev.mortise.security.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.TestClock;
import dev.mortise.security.access.Wire;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.standing.Standing;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.SecurityStores;
import dev.mortise.security.store.SqlHome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final AtomicLong nanos = new AtomicLong();
    private Home home;
    private Replica one;
    private Replica two;

    /** A process that shares the database with others. */
    private final class Replica {
        final CountingKeyStore store;
        final Standing standing;
        final ApiKeys keys;

        Replica(SecurityStores stores, Environment environment) {
            this.store = new CountingKeyStore(stores.keys());
            this.standing = new Standing(stores.changes(), nanos::get);
            this.keys = new ApiKeys("mk", environment, store, standing, clock);
            standing.look();
        }

        String verdict(String token) {
            return switch (keys.verify(new Presented(Wire.Head.with(token), "bearer", token))) {
                case Verdict.Verified verified -> "verified";
                case Verdict.Invalid invalid -> invalid.reason();
                case Verdict.Pass pass -> "pass";
            };
        }
    }

    /** Counts what is asked of the database. */
    private static final class CountingKeyStore implements KeyStore {
        private final KeyStore inner;
        final AtomicInteger finds = new AtomicInteger();
        final AtomicInteger writes = new AtomicInteger();

        CountingKeyStore(KeyStore inner) {
            this.inner = inner;
        }

        @Override
        public boolean add(StoredKey key, Instant now) {
            return inner.add(key, now);
        }

        @Override
        public Optional<StoredKey> find(String id) {
            finds.incrementAndGet();
            return inner.find(id);
        }

        @Override
        public boolean replace(String id, StoredKey successor, Instant end, Instant now) {
            return inner.replace(id, successor, end, now);
        }

        @Override
        public boolean revoke(String id, Instant at) {
            return inner.revoke(id, at);
        }

        @Override
        public boolean spend(String id, long units) {
            return inner.spend(id, units);
        }

        @Override
        public void giveBack(String id, long units) {
            inner.giveBack(id, units);
        }

        @Override
        public void keepPayment(String payment, Instant now) {
            inner.keepPayment(payment, now);
        }

        @Override
        public boolean takePayment(String payment) {
            return inner.takePayment(payment);
        }

        @Override
        public void sweep(Instant before) {
            inner.sweep(before);
        }

        @Override
        public long spent(String id) {
            return inner.spent(id);
        }

        @Override
        public void used(Map<String, Instant> times) {
            writes.incrementAndGet();
            inner.used(times);
        }

        @Override
        public List<StoredKey> list(String tenant, String after, int limit) {
            return inner.list(tenant, after, limit);
        }
    }

    @BeforeEach
    void open() {
        home = SqlHome.sqlite(directory);
        one = new Replica(home.stores(), Environment.TEST);
        two = new Replica(home.stores(), Environment.TEST);
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }

    private IssuedKey issue(KeyLimits limits) {
        return one.keys.issue("ann", "acme", "Ann's", limits);
    }

    @Test
    void nobodyIsNamedAsAnonymousCallersAreOrTheLocalOne() {
        for (String subject : List.of("anonymous", "local")) {
            assertThatThrownBy(() -> one.keys.issue(subject, null, "", KeyLimits.BASIC))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(one.verdict(
                            one.keys.issue(subject, "acme", "", KeyLimits.BASIC).secret()))
                    .isEqualTo("verified");
        }
    }

    @Test
    void aKeyAdmitsItsOwnerAsFarAsItReaches() {
        Instant end = clock.instant().plusSeconds(60);
        IssuedKey issued = issue(KeyLimits.BASIC
                .withScopes("files:read")
                .withReach(SecurityLevel.HIGH)
                .withTools("a", "b")
                .withSpend(7)
                .withExpiry(end));
        Verdict verdict = two.keys.verify(new Presented(Wire.Head.with(null), "bearer", issued.secret()));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
            assertThat(verified.caller().subject()).isEqualTo("ann");
            assertThat(verified.caller().tenant()).contains("acme");
            assertThat(verified.caller().scopes()).containsExactly("files:read");
            assertThat(verified.caller().expiresAt()).contains(end);
            assertThat(verified.caller().get(ApiKeys.SPEND)).contains(7L);
            Credential credential = verified.caller().get(Credential.ATTRIBUTE).orElseThrow();
            assertThat(credential.id()).isEqualTo(issued.key().id());
            assertThat(credential.reach()).isEqualTo(SecurityLevel.HIGH);
            assertThat(credential.tools()).containsExactlyInAnyOrder("a", "b");
            assertThat(credential.environment()).isEqualTo(Environment.TEST);
        });
    }

    @Test
    void whatIsStoredOrPrintedLetsNobodyIn() {
        IssuedKey issued = issue(KeyLimits.BASIC);
        String secret = KeyText.parse(issued.secret()).orElseThrow().secret();
        assertThat(issued.toString()).doesNotContain(secret);
        assertThat(one.keys.find(issued.key().id()).toString()).doesNotContain(secret);
    }

    @Test
    void whatIsNotAKeyIsLeftToOthersAndWhatIsNotThisKeyIsRefused() {
        String good = issue(KeyLimits.BASIC).secret();
        KeyText text = KeyText.parse(good).orElseThrow();
        assertThat(two.verdict("eyJhbGciOi.a.b")).isEqualTo("pass");
        assertThat(two.verdict("mk")).isEqualTo("pass");
        assertThat(two.verdict("mkx_test_a")).isEqualTo("pass");
        assertThat(two.verdict("mk_")).isEqualTo("malformed");
        assertThat(two.verdict(good.substring(0, good.length() - 1))).isEqualTo("malformed");
        assertThat(two.verdict(KeyText.random("mk", Environment.TEST).text())).isEqualTo("unknown");
        assertThat(two.verdict(new KeyText("mk", "test", text.id(), "x".repeat(28)).text()))
                .isEqualTo("wrong-secret");
        assertThat(two.verdict(new KeyText("mk", "live", text.id(), text.secret()).text()))
                .isEqualTo("wrong-environment");
        assertThat(new Replica(home.stores(), Environment.PRODUCTION).verdict(good))
                .isEqualTo("wrong-environment");
        assertThat(two.keys.verify(new Presented(Wire.Head.with(null), "dpop", good)))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void aKnownKeyAsksNoStoreAndAWrongSecretCostsWhatAnUnknownIdCosts() {
        String good = issue(KeyLimits.BASIC).secret();
        assertThat(two.verdict(good)).isEqualTo("verified");
        int before = two.store.finds.get();
        assertThat(two.verdict(good)).isEqualTo("verified");
        assertThat(two.store.finds).hasValue(before);
        KeyText text = KeyText.parse(good).orElseThrow();
        two.verdict(new KeyText("mk", "test", text.id(), "x".repeat(28)).text());
        assertThat(two.store.finds).hasValue(before + 1);
        two.verdict(KeyText.random("mk", Environment.TEST).text());
        assertThat(two.store.finds).hasValue(before + 2);
    }

    @Test
    void aRevocationReachesOtherReplicasWithTheirNextLook() {
        IssuedKey issued = issue(KeyLimits.BASIC);
        assertThat(two.verdict(issued.secret())).isEqualTo("verified");
        assertThat(one.keys.revoke(issued.key().id())).isTrue();
        assertThat(two.verdict(issued.secret())).isEqualTo("verified");
        two.standing.look();
        assertThat(two.verdict(issued.secret())).isEqualTo("revoked");
    }

    @Test
    void whoHearsNothingForTooLongBelievesNothing() {
        IssuedKey issued = issue(KeyLimits.BASIC);
        assertThat(two.verdict(issued.secret())).isEqualTo("verified");
        one.keys.revoke(issued.key().id());
        // Its watcher hangs.
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(two.verdict(issued.secret())).isEqualTo("revoked");
    }

    @Test
    void aKeyExpires() {
        String secret = issue(KeyLimits.BASIC.withExpiry(clock.instant().plusSeconds(10)))
                .secret();
        assertThat(two.verdict(secret)).isEqualTo("verified");
        clock.pass(Duration.ofSeconds(10));
        assertThat(two.verdict(secret)).isEqualTo("expired");
    }

    @Test
    void aRotatedKeyAndItsSuccessorOverlap() {
        IssuedKey old = issue(KeyLimits.BASIC.withScopes("a"));
        IssuedKey child = one.keys.child(old.key().id(), "", KeyLimits.BASIC);
        assertThat(two.verdict(old.secret())).isEqualTo("verified");
        IssuedKey next = one.keys.rotate(old.key().id(), Duration.ofMinutes(5));
        two.standing.look();
        assertThat(two.verdict(old.secret())).isEqualTo("verified");
        assertThat(two.verdict(next.secret())).isEqualTo("verified");
        clock.pass(Duration.ofMinutes(5));
        assertThat(two.verdict(old.secret())).isEqualTo("expired");
        assertThat(two.verdict(next.secret())).isEqualTo("verified");
        assertThat(two.verdict(child.secret())).isEqualTo("verified");
        assertThat(next.key().limits()).isEqualTo(old.key().limits());
        one.keys.revoke(next.key().id());
        two.standing.look();
        assertThat(two.verdict(child.secret())).isEqualTo("revoked");
        assertThatThrownBy(() -> one.keys.rotate(old.key().id(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChildOnlyNarrows() {
        KeyLimits limits = KeyLimits.BASIC
                .withScopes("a", "b")
                .withTools("x", "y")
                .withSpend(10)
                .withExpiry(clock.instant().plusSeconds(100));
        String parent = issue(limits).key().id();
        one.keys.child(parent, "the same", limits);
        one.keys.child(
                parent,
                "less",
                limits.withScopes("a")
                        .withTools("x")
                        .withReach(SecurityLevel.LOW)
                        .withSpend(0));
        for (Map.Entry<String, KeyLimits> wider : Map.of(
                        "scopes", limits.withScopes("a", "c"),
                        "reach", limits.withReach(SecurityLevel.HIGH),
                        "tools", limits.withTools("x", "z"),
                        "spend", limits.withSpend(11),
                        "expiry", limits.withExpiry(clock.instant().plusSeconds(101)))
                .entrySet()) {
            assertThatThrownBy(() -> one.keys.child(parent, "", wider.getValue()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wider.getKey());
        }
        assertThatThrownBy(() -> one.keys.child(
                        parent, "", new KeyLimits(limits.scopes(), limits.reach(), null, 1L, limits.expiresAt())))
                .hasMessageContaining("tools");
        assertThatThrownBy(() -> one.keys.child(
                        parent, "", new KeyLimits(limits.scopes(), limits.reach(), limits.tools(), 1L, null)))
                .hasMessageContaining("expiry");
        one.keys.revoke(parent);
        assertThatThrownBy(() -> one.keys.child(parent, "", limits)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void useIsWrittenDownLaterAndForAllAtOnce() {
        List<IssuedKey> issued = List.of(issue(KeyLimits.BASIC), issue(KeyLimits.BASIC));
        issued.forEach(key -> two.verdict(key.secret()));
        issued.forEach(key -> two.verdict(key.secret()));
        assertThat(two.store.writes).hasValue(0);
        two.keys.writeLastUsed();
        two.keys.writeLastUsed();
        assertThat(two.store.writes).hasValue(1);
        assertThat(issued)
                .allSatisfy(key -> assertThat(
                                one.keys.find(key.key().id()).orElseThrow().lastUsedAt())
                        .isEqualTo(clock.instant()));
    }
}
