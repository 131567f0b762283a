package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 records by a process that is killed twice: what it had acknowledged is there, and all of it is sound. */
@Timeout(300)
class AuditKillTest {
    private static final int RECORDS = 100_000;

    @TempDir
    Path directory;

    private final KeyPair keys = Events.keys();

    @Test
    void sqlite() throws Exception {
        check(AuditHome.sqlite(directory));
    }

    @Test
    void postgres() throws Exception {
        AuditHome home = AuditHome.postgres();
        try {
            check(home);
        } finally {
            home.drop();
        }
    }

    private void check(AuditHome home) throws Exception {
        BitSet acknowledged = new BitSet(RECORDS);
        runUntil(home, 0, acknowledged, RECORDS / 3);
        runUntil(home, acknowledged.length(), acknowledged, 2 * RECORDS / 3);
        runUntil(home, acknowledged.length(), acknowledged, Integer.MAX_VALUE);
        assertThat(acknowledged.cardinality()).isGreaterThan(RECORDS - 1000);

        Path witness = directory.resolve("witness.jsonl");
        Path export = directory.resolve("export.jsonl");
        CheckpointKeys trusted = CheckpointKeys.of(keys.getPublic());
        List<SignedCheckpoint> external = new ArrayList<>();
        try (AuditLog log = home.log(CheckpointSigner.of(keys)).migrate();
                OutputStream out = Files.newOutputStream(export)) {
            log.reader().export(out);
            try (Stream<String> lines = Files.lines(witness)) {
                lines.map(SignedCheckpoint::parse).forEach(external::add);
            }
            assertThat(log.reader().verify(trusted, external).findings()).isEmpty();
        }
        assertThat(external).isNotEmpty();
        AuditReport report = new AuditVerifier(trusted, external).verify(export);
        assertThat(report.findings()).isEmpty();
        assertThat(report.streams()).hasSize(4);
        assertThat(report.records()).isGreaterThanOrEqualTo(acknowledged.cardinality());

        BitSet missing = (BitSet) acknowledged.clone();
        try (Stream<String> lines = Files.lines(export)) {
            lines.filter(line -> line.contains("\"target\":\"call-")).forEach(line -> missing.clear(number(line)));
        }
        assertThat(missing.cardinality()).as("acknowledged, and lost").isZero();
        System.out.printf(
                "%s: %d acknowledged, %d records in %d streams, %d checkpoints kept elsewhere%n",
                home.isSqlite() ? "sqlite" : "postgres",
                acknowledged.cardinality(),
                report.records(),
                report.streams().size(),
                external.size());
    }

    private static int number(String line) {
        try {
            String target = Json.read(line.getBytes(StandardCharsets.UTF_8))
                    .path("personal")
                    .path("target")
                    .asString("");
            return Integer.parseInt(target.substring("call-".length()));
        } catch (Json.InvalidJson e) {
            throw new AssertionError(e);
        }
    }

    /** Starts the writer, and kills it when so many are acknowledged in all; or lets it come to its end. */
    private void runUntil(AuditHome home, int from, BitSet acknowledged, int kill) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        home.url(),
                        home.schema() == null ? "" : home.schema(),
                        directory.resolve("witness.jsonl").toString(),
                        Integer.toString(from))
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try (OutputStream in = writer.getOutputStream();
                var out = writer.inputReader()) {
            in.write((Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()) + "\n"
                            + CheckpointKeys.line(keys.getPublic()) + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            in.flush();
            boolean killed = false;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.endsWith(".")) {
                    acknowledged.set(Integer.parseInt(line.substring(0, line.length() - 1)));
                }
                if (!killed && acknowledged.cardinality() >= kill) {
                    killed = true;
                    writer.toHandle().destroyForcibly();
                }
            }
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            if (!killed) {
                assertThat(writer.exitValue())
                        .as(Files.readString(directory.resolve("errors")))
                        .isZero();
            }
        } finally {
            writer.destroyForcibly();
        }
    }

    /** Says what was acknowledged, until it is killed or done. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            List<String> key = new ArrayList<>();
            for (String line : new String(lines(2), StandardCharsets.US_ASCII).split("\n")) {
                key.add(line);
            }
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            KeyPair keys = new KeyPair(
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(key.get(1)))),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key.get(0)))));
            AtomicInteger next = new AtomicInteger(Integer.parseInt(args[3]));
            try (AuditLog log = AuditHome.of(args[0], args[1].isEmpty() ? null : args[1])
                            .log(CheckpointSigner.of(keys))
                            .checkpointEvery(Duration.ofMillis(500))
                            .witness(CheckpointWitness.file(Path.of(args[2])))
                            .migrate();
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int c = 0; c < 256; c++) {
                    callers.submit(() -> {
                        for (int n = next.getAndIncrement(); n < RECORDS; n = next.getAndIncrement()) {
                            log.record(Events.event("caller", "acme", "call-" + n));
                            System.out.println(n + ".");
                        }
                    });
                }
            }
        }

        private static byte[] lines(int count) throws IOException {
            var bytes = new java.io.ByteArrayOutputStream();
            int left = count;
            while (left > 0) {
                int read = System.in.read();
                if (read < 0) {
                    break;
                }
                bytes.write(read);
                left -= read == '\n' ? 1 : 0;
            }
            return bytes.toByteArray();
        }
    }
}
