package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of tokens, after crashes, changes, and with other processes at it. */
class EncryptedFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("tokens");
    }

    private TokenStore store() {
        return store(file(), 1);
    }

    static TokenStore store(Path file, int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return TokenStore.encryptedFile(file, new SecretKeySpec(bytes, "AES"));
    }

    @Test
    void whatIsWrittenIsThereForTheNextProcess() throws IOException {
        TokenStore store = store();
        assertThat(store.read("a")).isEmpty();
        store.write("a", "secret-token");
        store.write("b", "ünïcode \u0000 \"");
        store.write("a", "secret-newer");
        store.remove("never there");
        assertThat(store().read("a")).contains("secret-newer");
        assertThat(store().read("b")).contains("ünïcode \u0000 \"");
        store().remove("a");
        assertThat(store.read("a")).isEmpty();
        assertThat(new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
        assertThat(store.toString()).doesNotContain("secret");
    }

    @Test
    void noTwoWritesLookAlike() throws IOException {
        store().write("a", "x");
        byte[] first = Files.readAllBytes(file());
        store().write("a", "y");
        store().write("a", "x");
        assertThat(Files.readAllBytes(file())).isNotEqualTo(first).hasSameSizeAs(first);
    }

    @Test
    void everyChangedByteAndEveryCutIsNoticed() throws IOException {
        store().write("a", "secret-token");
        byte[] good = Files.readAllBytes(file());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file(), bad);
            assertThatIOException().isThrownBy(() -> store().read("a")).withMessageNotContaining("secret");
            Files.write(file(), java.util.Arrays.copyOf(good, i));
            assertThatIOException().isThrownBy(() -> store().read("a"));
        }
        assertThatIOException().as("and nothing is overwritten").isThrownBy(() -> store().write("b", "x"));
        Files.write(file(), good);
        assertThat(store().read("a")).contains("secret-token");
    }

    @Test
    void anotherKeyOpensNothing() throws IOException {
        store().write("a", "secret-token");
        assertThatIOException().isThrownBy(() -> store(file(), 2).read("a")).withMessageContaining("key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenStore.encryptedFile(file(), new SecretKeySpec(new byte[5], "AES")));
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        store().write("a", "x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatIOException().isThrownBy(() -> store().read("a")).withMessageContaining("chmod 600");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        store(folder.resolve("real"), 1).write("a", "x");
        Files.createSymbolicLink(file(), folder.resolve("real"));
        assertThatIOException().isThrownBy(() -> store().read("a"));
    }

    @Test
    void whatAWriterThatDiedHasLeftIsTakenAway() throws IOException {
        store().write("a", "x");
        Path left = Files.writeString(folder.resolve("tokens.new-dead"), "half of it");
        assertThat(store().read("a")).contains("x");
        store().write("a", "y");
        assertThat(left).doesNotExist();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .allMatch(name -> name.equals("tokens") || name.startsWith("tokens.lock-"));
        }
    }

    @Test
    void aFolderThatIsNotThereIsAClearError() {
        assertThatIOException()
                .isThrownBy(() ->
                        store(folder.resolve("nowhere").resolve("tokens"), 1).write("a", "x"));
    }

    @Test
    void threadsLoseNothingOfEachOther() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String name = "name-" + i;
                running.add(threads.submit(() -> {
                    store().write(name, name);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
        for (int i = 0; i < 50; i++) {
            assertThat(store().read("name-" + i)).contains("name-" + i);
        }
    }

    @Test
    void whatIsDoneAloneIsDoneAlone() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                running.add(threads.submit(() -> store().alone("a", PATIENCE, () -> {
                    int now = inside.incrementAndGet();
                    store().write("a", "in the middle");
                    inside.decrementAndGet();
                    return now;
                })));
            }
            for (Future<Integer> each : running) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    @Test
    void otherProcessesAreWaitedForAndNotForEver() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatIOException()
                    .isThrownBy(() -> store().alone("a", Duration.ofMillis(100), () -> "in"))
                    .withMessageContaining("Another process");
            assertThat(store().read("a")).as("reading does not wait").contains("of the other");
            store().write("a", "of this");
            // Killed in the middle of its work, it lets go.
            other.destroyForcibly();
            assertThat(store().<String>alone("a", PATIENCE, () -> "in")).isEqualTo("in");
            assertThat(store().read("a")).contains("of this");
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Another process, which holds a name until it is killed. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            TokenStore store = store(Path.of(args[0]), 1);
            store.alone("a", PATIENCE, () -> {
                store.write("a", "of the other");
                System.out.println("held");
                while (true) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            });
        }
    }

    @Test
    void anInterruptEndsTheWaiting() throws Exception {
        Thread[] waiting = new Thread[1];
        List<Throwable> thrown = new ArrayList<>();
        store().alone("a", PATIENCE, () -> {
            waiting[0] = Thread.ofVirtual().start(() -> {
                try {
                    store().alone("a", PATIENCE, () -> "in");
                } catch (IOException e) {
                    thrown.add(e);
                }
            });
            waiting[0].interrupt();
            try {
                assertThat(waiting[0].join(Duration.ofSeconds(10))).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return "";
        });
        assertThat(thrown).singleElement().isInstanceOf(java.io.InterruptedIOException.class);
        assertThatExceptionOfType(IOException.class)
                .as("what fails inside comes out, and lets go")
                .isThrownBy(() -> store().alone("a", PATIENCE, () -> {
                    throw new IOException("inside");
                }));
        assertThat(store().<String>alone("a", PATIENCE, () -> "in")).isEqualTo("in");
    }
}
