package dev.mortise.security.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.limit.ManualTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecretsTest {
    private static final Duration TTL = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicReference<Optional<Secret>> there = new AtomicReference<>(Optional.of(Secret.of("one")));
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean down;

    private Secrets vault() {
        return Secrets.from(
                name -> {
                    asked.incrementAndGet();
                    if (down) {
                        throw new IOException("the vault is sealed");
                    }
                    return there.get();
                },
                TTL,
                ticker);
    }

    @Test
    void theEnvironmentHasThemInCapitals() {
        Secrets secrets = Secrets.environment("APP", Map.of("APP_SIGNING_KEY", "value", "APP_EMPTY", ""));
        assertThat(secrets.get("signing-key").text()).isEqualTo("value");
        assertThat(secrets.find("empty")).isEmpty();
        assertThatThrownBy(() -> secrets.get("other"))
                .isInstanceOf(SecretUnavailable.class)
                .hasMessageContaining("other");
    }

    @Test
    void aValueIsKeptForItsTime() {
        Secrets secrets = vault();
        assertThat(secrets.get("key").text()).isEqualTo("one");
        there.set(Optional.of(Secret.of("two")));
        ticker.pass(TTL.minusNanos(1));
        assertThat(secrets.get("key").text()).isEqualTo("one");
        ticker.pass(Duration.ofNanos(1));
        assertThat(secrets.get("key").text()).isEqualTo("two");
        assertThat(asked).hasValue(2);
    }

    @Test
    void theLastGoodValueOutlivesTheVault() {
        Secrets secrets = vault();
        secrets.get("key");
        down = true;
        ticker.pass(TTL);
        assertThat(secrets.get("key").text()).isEqualTo("one");
        assertThat(secrets.get("key").text()).isEqualTo("one");
        assertThat(asked).as("and the vault is left alone for a while").hasValue(2);
        ticker.pass(Duration.ofSeconds(5));
        down = false;
        there.set(Optional.of(Secret.of("two")));
        assertThat(secrets.get("key").text()).isEqualTo("two");
    }

    @Test
    void whatIsGoneIsGone() {
        Secrets secrets = vault();
        secrets.get("key");
        there.set(Optional.empty());
        ticker.pass(TTL);
        assertThat(secrets.find("key")).isEmpty();
    }

    @Test
    void whatCouldNeverBeReadIsSaidToBeSo() {
        down = true;
        assertThatThrownBy(() -> vault().get("key"))
                .isInstanceOf(SecretUnavailable.class)
                .hasMessage("The secret key could not be read");
    }

    @Test
    void aVaultThatNeverAnsweredIsLeftAloneForAWhile() {
        down = true;
        Secrets secrets = vault();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> secrets.get("key"))
                    .isInstanceOf(SecretUnavailable.class)
                    .hasRootCauseMessage("the vault is sealed");
        }
        assertThat(asked).hasValue(1);
        down = false;
        ticker.pass(Duration.ofSeconds(5));
        assertThat(secrets.get("key").text()).isEqualTo("one");
    }

    @Test
    void whoWasToldToStopSpoilsNothingForOthers() throws Exception {
        Secrets secrets = Secrets.from(
                        name -> {
                            if (asked.incrementAndGet() == 1) {
                                throw new InterruptedException();
                            }
                            return there.get();
                        },
                        TTL,
                        ticker)
                .orElse(Secrets.environment("APP", Map.of()));
        Thread first = Thread.startVirtualThread(
                () -> assertThatThrownBy(() -> secrets.get("key")).isInstanceOf(SecretUnavailable.class));
        first.join();
        assertThat(secrets.get("key").text()).isEqualTo("one");
    }

    @Test
    void manyWhoAskAtOnceAskOnceAndNobodyWaitsForARefresh() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger fetches = new AtomicInteger();
        Secrets secrets = Secrets.from(
                name -> {
                    if (fetches.incrementAndGet() == 2) {
                        hold.await();
                    }
                    return Optional.of(Secret.of("v" + fetches.get()));
                },
                TTL,
                ticker);
        List<Future<Secret>> first = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                first.add(threads.submit(() -> secrets.get("key")));
            }
            for (Future<Secret> secret : first) {
                assertThat(secret.get().text()).isEqualTo("v1");
            }
            ticker.pass(TTL);
            Future<Secret> refreshing = threads.submit(() -> secrets.get("key"));
            Eventually.holds("it is being fetched", () -> fetches.get() == 2);
            assertThat(secrets.get("key").text()).isEqualTo("v1");
            hold.countDown();
            assertThat(refreshing.get().text()).isEqualTo("v2");
        }
    }

    @Test
    void listenersHearOfEachNewValue() {
        Secrets secrets = vault();
        List<String> heard = new CopyOnWriteArrayList<>();
        secrets.onChange("key", value -> {
            throw new IllegalStateException("a listener that fails");
        });
        secrets.onChange("key", value -> heard.add(value.text()));
        ticker.pass(TTL);
        secrets.look();
        assertThat(heard).isEmpty();
        there.set(Optional.of(Secret.of("two")));
        ticker.pass(TTL);
        secrets.look();
        assertThat(heard).containsExactly("two");
    }

    /** As the kubelet does it: files are links into {@code ..data}, itself a link, which is replaced. */
    @Test
    void aMountedSecretIsReadAgainWhenKubernetesSwapsIt() throws Exception {
        version("..2026_01", "key", "first\n");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(directory.resolve("key"), Path.of("..data/key"));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Secrets secrets = Secrets.files(directory).watch(Duration.ofMillis(50))) {
            assertThat(secrets.get("key").text()).isEqualTo("first");
            secrets.onChange("key", value -> heard.add(value.text()));
            version("..2026_02", "key", "second");
            Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_02"));
            Files.move(
                    directory.resolve("..data_tmp"),
                    directory.resolve("..data"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Eventually.holds("it is noticed", () -> heard.equals(List.of("second")));
            assertThat(secrets.get("key").text()).isEqualTo("second");
        }
    }

    /** Between the look at the link and the look into its directory the kubelet may have removed that. */
    @Test
    void aSecretIsNotGoneBecauseItIsBeingSwapped() throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "two");
        AtomicInteger opened = new AtomicInteger();
        SecretFiles files = new SecretFiles(directory, path -> {
            if (opened.incrementAndGet() == 1) {
                throw new NoSuchFileException(path.toString());
            }
            return Files.newInputStream(path);
        });
        assertThat(files.fetch("key")).contains(Secret.of("two"));
        Files.delete(file);
        assertThat(files.fetch("key")).isEmpty();
    }

    private void version(String name, String key, String value) throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve(name)).resolve(key), value);
    }

    @Test
    void aFileThatIsBeingWrittenIsNoSecret() throws Exception {
        SecretFiles files = new SecretFiles(directory);
        Files.writeString(directory.resolve("key"), "");
        assertThatThrownBy(() -> files.fetch("key")).isInstanceOf(IOException.class);
        Files.writeString(directory.resolve("key"), "x".repeat(70_000));
        assertThatThrownBy(() -> files.fetch("key")).isInstanceOf(IOException.class);
        Files.writeString(directory.resolve("key"), "value\r\n");
        assertThat(files.fetch("key")).contains(Secret.of("value"));
    }

    @Test
    void namesStayInTheirDirectory() throws Exception {
        Files.writeString(directory.resolve("outside"), "value");
        SecretFiles files = new SecretFiles(Files.createDirectory(directory.resolve("inside")));
        for (String name : new String[] {"../outside", "..", ".", "", "/etc/hostname", "a/b", "a\0b"}) {
            assertThatThrownBy(() -> files.fetch(name)).as(name).isInstanceOf(IOException.class);
        }
    }

    @Test
    void onePlaceAfterTheOther() {
        Secrets both =
                Secrets.environment("", Map.of("A", "1")).orElse(Secrets.environment("", Map.of("A", "2", "B", "2")));
        assertThat(both.get("a").text()).isEqualTo("1");
        assertThat(both.get("b").text()).isEqualTo("2");
        assertThat(both.find("c")).isEmpty();
    }
}
