package dev.mortise.security.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SealerTest {
    private static final Field EMAIL = new Field("acme", "user", "email", "4711");

    private final byte[] secret = random();
    private final DataKeyStore store = DataKeyStore.inMemory();
    private final AtomicLong nanos = new AtomicLong();

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private Sealer sealer(KeyEncryption encryption) {
        return Sealer.of(store, encryption, Duration.ofSeconds(30), nanos::get);
    }

    private LocalKeyEncryption local() {
        return LocalKeyEncryption.current("2026", secret::clone).build();
    }

    private static void assertCannotOpen(Sealer sealer, Field field, String sealed) {
        assertThatThrownBy(() -> sealer.open(field, sealed))
                .isExactlyInstanceOf(CannotOpen.class)
                .hasMessage("The sealed value cannot be opened")
                .hasNoCause();
    }

    @Test
    void opensWhatItSealedAndAnotherReplicaToo() {
        String sealed = sealer(local()).seal(EMAIL, "alice@example.com");
        assertThat(sealed).startsWith("s1.").doesNotContain("alice");
        assertThat(sealer(local()).open(EMAIL, sealed)).isEqualTo("alice@example.com");
        assertThat(sealer(local()).seal(EMAIL, "alice@example.com"))
                .as("never the same twice")
                .isNotEqualTo(sealed);
    }

    @Test
    void nothingIsOpenedAtAnotherPlace() {
        Sealer sealer = sealer(local());
        String sealed = sealer.seal(EMAIL, "alice@example.com");
        sealer.seal(new Field("other", "t", "c", "r"), "so that the other has keys");
        for (Field other : List.of(
                new Field("other", "user", "email", "4711"),
                new Field("none", "user", "email", "4711"),
                new Field("acme", "use", "remail", "4711"),
                new Field("acme", "user", "email4", "711"),
                new Field("acme", "user", "name", "4711"),
                new Field("acme", "user", "email", "4712"))) {
            assertCannotOpen(sealer, other, sealed);
        }
    }

    @Test
    void keysOfAnotherTenantAreNotTakenForItsOwn() {
        Sealer sealer = sealer(local());
        sealer.seal(EMAIL, "alice@example.com");
        DataKeyStore.DataKeys stolen = store.find("acme").orElseThrow();
        store.insert(new DataKeyStore.DataKeys("mallory", 1, stolen.wrapped()));
        Field field = new Field("mallory", "user", "email", "4711");
        assertCannotOpen(sealer, field, sealer.seal(EMAIL, "x"));
        assertThatThrownBy(() -> sealer.seal(field, "x")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rotationKeepsWhatIsThere() {
        Sealer one = sealer(local());
        Sealer two = sealer(local());
        String before = one.seal(EMAIL, "before");
        assertThat(two.open(EMAIL, before)).isEqualTo("before");
        one.rotate("acme");
        String after = one.seal(EMAIL, "after");
        assertThat(after.substring(0, 11)).isNotEqualTo(before.substring(0, 11));
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(two.open(EMAIL, after))
                .as("the other replica looks when it meets an unknown key")
                .isEqualTo("after");
        assertThat(two.open(EMAIL, before)).isEqualTo("before");
        assertThat(one.open(EMAIL, before)).isEqualTo("before");
    }

    @Test
    void aShreddedTenantIsGoneForGood() {
        Sealer one = sealer(local());
        Sealer two = sealer(local());
        Field of = new Field("other", "user", "email", "1");
        String sealed = one.seal(EMAIL, "alice@example.com");
        String others = one.seal(of, "bob@example.com");
        assertThat(two.open(EMAIL, sealed)).isEqualTo("alice@example.com");
        DataKeyStore.DataKeys wrapped = store.find("acme").orElseThrow();

        assertThat(one.shred("acme")).isTrue();

        assertThat(store.find("acme")).isEmpty();
        assertCannotOpen(one, EMAIL, sealed);
        assertThatThrownBy(() -> one.seal(EMAIL, "again"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shredded");
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        assertCannotOpen(two, EMAIL, sealed);
        assertThat(one.open(of, others)).isEqualTo("bob@example.com");
        // The one thing that opened it: whoever has neither it nor the key that it is wrapped with has nothing.
        assertThat(wrapped.wrapped().bytes()).isNotEmpty();
        assertCannotOpen(Sealer.of(DataKeyStore.inMemory(), local()), EMAIL, sealed);
    }

    @Test
    void keysAreWrappedAnewWithoutTouchingValues() {
        byte[] next = random();
        List<String> sealed = new ArrayList<>();
        Sealer old = sealer(local());
        for (int i = 0; i < 150; i++) {
            sealed.add(old.seal(new Field("tenant-" + i, "t", "c", "r"), "value " + i));
        }
        Sealer both = sealer(LocalKeyEncryption.current("2027", next::clone)
                .and("2026", secret::clone)
                .build());
        assertThat(both.rewrap()).isEqualTo(150);
        assertThat(both.rewrap()).isZero();
        Sealer alone = sealer(LocalKeyEncryption.current("2027", next::clone).build());
        for (int i = 0; i < 150; i++) {
            assertThat(alone.open(new Field("tenant-" + i, "t", "c", "r"), sealed.get(i)))
                    .isEqualTo("value " + i);
        }
        assertCannotOpen(sealer(local()), new Field("tenant-0", "t", "c", "r"), sealed.getFirst());
    }

    @Test
    void downgradesAreNotOpened() {
        Sealer sealer = sealer(local());
        byte[] sealed = sealer.seal(EMAIL, "x".getBytes(StandardCharsets.UTF_8));
        for (int version = 0; version < 256; version++) {
            byte[] other = sealed.clone();
            other[0] = (byte) version;
            if (version != 1) {
                assertThatThrownBy(() -> sealer.open(EMAIL, other)).isExactlyInstanceOf(CannotOpen.class);
            }
        }
        for (String text : List.of("", "s1.", "s1.AAAA", "s0." + "A".repeat(80), "alice@example.com", "s1.%%%")) {
            assertCannotOpen(sealer, EMAIL, text);
        }
        assertCannotOpen(sealer, new Field("nobody", "t", "c", "r"), "s1." + "AQEA".repeat(30));
    }

    @Test
    void manyReplicasAgreeOnTheFirstKeys() throws Exception {
        List<Future<String>> sealed = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                sealed.add(threads.submit(() -> sealer(local()).seal(EMAIL, "alice")));
            }
        }
        Sealer reader = sealer(local());
        for (Future<String> each : sealed) {
            assertThat(reader.open(EMAIL, each.get())).isEqualTo("alice");
        }
    }

    @Test
    void weakKeysAreRefusedAndNotShown() {
        assertThatThrownBy(() -> LocalKeyEncryption.current("2026", () -> new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026 has 31 bytes");
        assertThatThrownBy(() -> LocalKeyEncryption.current(
                        "2026",
                        () -> "passwordpasswordpasswordpassword"
                                .substring(0, 32)
                                .replaceAll("[sword]", "p")
                                .getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not random");
    }
}
