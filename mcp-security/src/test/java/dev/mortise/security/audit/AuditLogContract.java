package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.SecurityLevel;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the log does, in each database. */
@Timeout(120)
abstract class AuditLogContract {
    @TempDir
    Path directory;

    final KeyPair keys = Events.keys();
    final List<SignedCheckpoint> witnessed = new CopyOnWriteArrayList<>();
    final List<AuditNotice> notices = new CopyOnWriteArrayList<>();
    private final List<AuditLog> open = new ArrayList<>();
    AuditHome home;

    abstract AuditHome newHome();

    @BeforeEach
    void begin() {
        home = newHome();
    }

    @AfterEach
    void end() throws Exception {
        open.forEach(AuditLog::close);
        home.drop();
    }

    AuditLog.Builder builder() {
        return home.log(CheckpointSigner.of(keys))
                .clock(Clock.fixed(NOON, ZoneOffset.UTC))
                .witness(witnessed::add)
                .listener(notices::add);
    }

    AuditLog open(AuditLog.Builder builder) {
        AuditLog log = builder.migrate();
        open.add(log);
        return log;
    }

    AuditReport verified(AuditLog log) {
        return log.reader().verify(CheckpointKeys.of(keys.getPublic()), witnessed);
    }

    AuditReport verifiedExport(AuditLog log) throws Exception {
        Path file = directory.resolve("export.jsonl");
        try (OutputStream out = Files.newOutputStream(file)) {
            log.reader().export(out);
        }
        return new AuditVerifier(CheckpointKeys.of(keys.getPublic()), witnessed).verify(file);
    }

    @Test
    void whatWasTakenDownIsFoundAndVerified() throws Exception {
        AuditLog log = open(builder().writer("replica-1"));
        AuditEvent event = event("alice", "acme", "delete_rows");
        log.record(event);
        log.record(event("b\u0000b \ud800", "other", "x".repeat(5000)));

        AuditPage page = log.reader().find(AuditQuery.ofTenant("acme"));
        assertThat(page.items()).singleElement().satisfies(item -> {
            assertThat(item.event()).isEqualTo(event);
            assertThat(item.sequence()).isEqualTo(2);
            assertThat(item.erased()).isFalse();
        });
        assertThat(log.reader()
                        .find(AuditQuery.ofAllTenants().subject("b\u0000b \ud800"))
                        .items())
                .singleElement()
                .satisfies(item ->
                        assertThat(item.event().target()).startsWith("xxx").hasSizeLessThan(1200));
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
        assertThat(verifiedExport(log).streams()).singleElement().satisfies(stream -> {
            assertThat(stream.records()).isEqualTo(3);
            assertThat(stream.writer()).isEqualTo("replica-1");
            assertThat(stream.state()).isEqualTo("open");
        });
    }

    @Test
    void manyAtOnceShareTransactionsAndKeepOneChain() throws Exception {
        AuditLog log = open(builder());
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                String target = "tool-" + i;
                calls.add(callers.submit(() -> log.record(event("alice", "acme", target))));
            }
        }
        for (Future<?> call : calls) {
            call.get();
        }
        log.checkpoint();
        AuditReport report = verified(log);
        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).isEqualTo(501);
        assertThat(report.streams().getFirst().covered()).isEqualTo(501);
    }

    @Test
    void pagesGoThroughEverythingOnce() {
        AuditLog log = open(builder());
        for (int i = 0; i < 25; i++) {
            log.record(Events.at(NOON.plusMillis(i / 3), "alice", "acme", "tool-" + i, SecurityLevel.LOW));
        }
        log.record(event("alice", "other", "secret-tool"));
        List<String> targets = new ArrayList<>();
        String cursor = null;
        do {
            AuditPage page = log.reader()
                    .find(AuditQuery.ofTenant("acme").subject("alice").limit(7).after(cursor));
            page.items().forEach(item -> targets.add(item.event().target()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(targets).hasSize(25).doesNotHaveDuplicates().doesNotContain("secret-tool");
        assertThat(targets.getFirst()).isEqualTo("tool-24");
        assertThat(log.reader()
                        .find(AuditQuery.ofTenant("acme")
                                .from(NOON.plusMillis(2))
                                .to(NOON.plusMillis(3)))
                        .items())
                .hasSize(3);
        assertThat(log.reader()
                        .find(AuditQuery.ofAllTenants().outcome(AuditEvent.Outcome.DENIED))
                        .items())
                .isEmpty();
        for (String bad : List.of("", "x", "!!", "MS4yLjM", "LjAuMA")) {
            assertThatThrownBy(() -> log.reader().find(AuditQuery.ofAllTenants().after(bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cursor");
        }
    }

    /** Twenty records, with a checkpoint that a witness has, and closed. */
    private String twenty() {
        AuditLog log = builder().migrate();
        for (int i = 2; i <= 20; i++) {
            log.record(event("alice", "acme", "tool-" + i));
        }
        log.close();
        return witnessed.getFirst().stream();
    }

    private AuditLog reopened() {
        return open(builder().writer("auditor"));
    }

    private List<AuditFinding> findings() throws Exception {
        AuditLog log = reopened();
        List<AuditFinding> offline = verifiedExport(log).findings();
        List<AuditFinding> online = verified(log).findings();
        assertThat(online).as("the same in the database and in an export").containsAll(offline);
        return offline;
    }

    private static void assertLocated(
            List<AuditFinding> findings, AuditFinding.Kind kind, String stream, long from, long to) {
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.stream()).isEqualTo(stream);
            assertThat(finding.from()).isEqualTo(from);
            assertThat(finding.to()).isEqualTo(to);
        });
    }

    @Test
    void anEditedRecordIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET body = replace(body, 'ALLOWED', 'DENIED') WHERE stream = '" + stream
                + "' AND sequence = 7");
        List<AuditFinding> findings = findings();
        assertLocated(findings, AuditFinding.Kind.EDITED, stream, 7, 7);
        assertThat(findings).hasSize(1);
    }

    @Test
    void anEditedPersonalPartIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET personal = replace(personal, 'alice', 'mallory'), subject_key = 'mallory'"
                + " WHERE stream = '" + stream + "' AND sequence = 7");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.EDITED, stream, 7, 7);
    }

    @Test
    void anEditedRecordWithAFreshHashIsFound() throws Exception {
        String stream = twenty();
        forge(stream, 7, record(stream, 7).body().replace("ALLOWED", "DENIED"));
        assertLocated(findings(), AuditFinding.Kind.EDITED, stream, 7, 7);
    }

    @Test
    void aDeletedRecordIsFound() throws Exception {
        String stream = twenty();
        home.execute("DELETE FROM audit_record WHERE stream = '" + stream + "' AND sequence = 7");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 7, 7);
    }

    @Test
    void aDeletedRecordIsFoundAlsoIfTheOthersCloseTheGap() throws Exception {
        String stream = twenty();
        home.execute("DELETE FROM audit_record WHERE stream = '" + stream + "' AND sequence = 7");
        shift(stream, 8, 21, -1);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 7, 7);
    }

    @Test
    void anInsertedRecordIsFound() throws Exception {
        String stream = twenty();
        shift(stream, 7, 21, 1);
        home.execute("INSERT INTO audit_record SELECT stream, 7, previous, '" + "a".repeat(64)
                + "', body, commitment, salt, personal, at, kind, outcome, tenant_key, subject_key, target_key"
                + " FROM audit_record WHERE stream = '" + stream + "' AND sequence = 6");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 7, 7);
    }

    @Test
    void anInsertedRecordWithAGoodHashIsFound() throws Exception {
        String stream = twenty();
        String body = record(stream, 7).body();
        shift(stream, 7, 21, 1);
        home.execute("INSERT INTO audit_record SELECT stream, 7, previous, hash, body, commitment, salt, personal, at,"
                + " kind, outcome, tenant_key, subject_key, target_key"
                + " FROM audit_record WHERE stream = '" + stream + "' AND sequence = 8");
        forge(stream, 7, body.replace("ALLOWED", "DENIED"));
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 7, 7);
    }

    @Test
    void reorderedRecordsAreFound() throws Exception {
        String stream = twenty();
        shift(stream, 7, 7, 1000);
        shift(stream, 8, 8, -1);
        shift(stream, 1007, 1007, -999);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.REORDERED, stream, 7, 7);
    }

    @Test
    void truncationIsFoundByAnExternalCheckpoint() throws Exception {
        String stream = twenty();
        // Somebody careful: nothing in the database says any more that there were others.
        home.execute(
                "DELETE FROM audit_record WHERE stream = '" + stream + "' AND sequence > 15",
                "DELETE FROM audit_checkpoint",
                "UPDATE audit_stream SET sequence = 15, witnessed = 0, hash = (SELECT hash FROM audit_record r"
                        + " WHERE r.stream = id AND r.sequence = 15) WHERE id = '" + stream + "'");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.TRUNCATED, stream, 16, 21);
        List<SignedCheckpoint> kept = List.copyOf(witnessed);
        witnessed.clear();
        assertThat(findings()).as("nobody can know without it").isEmpty();
        witnessed.addAll(kept);
    }

    @Test
    void truncationIsFoundByTheNextStreamToo() throws Exception {
        String stream = twenty();
        AuditLog next = reopened();
        witnessed.clear();
        home.execute(
                "DELETE FROM audit_record WHERE stream = '" + stream + "'",
                "DELETE FROM audit_checkpoint",
                "DELETE FROM audit_stream WHERE id = '" + stream + "'");
        List<AuditFinding> findings = verifiedExport(next).findings();
        assertThat(findings).hasSize(1);
        assertLocated(findings, AuditFinding.Kind.TRUNCATED, stream, 1, 21);
    }

    @Test
    void aStreamThatWasWrittenAnewIsFoundByWhatWasSigned() throws Exception {
        String stream = twenty();
        for (long n = 7; n <= 21; n++) {
            ChainedRecord record = record(stream, n);
            forge(stream, n, n == 7 ? record.body().replace("ALLOWED", "DENIED") : record.body());
        }
        assertLocated(findings(), AuditFinding.Kind.REWRITTEN, stream, 1, 21);
    }

    @Test
    void whatIsAppendedToAnEndedStreamIsFound() throws Exception {
        String stream = twenty();
        home.execute("INSERT INTO audit_record SELECT stream, 22, hash, hash, body, commitment, salt, personal, at,"
                + " kind, outcome, tenant_key, subject_key, target_key"
                + " FROM audit_record WHERE stream = '" + stream + "' AND sequence = 21");
        forge(stream, 22, record(stream, 21).body());
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 22, 22);
    }

    @Test
    void recordsThatCannotBeSearchedForAreFound() throws Exception {
        String stream = twenty();
        AuditLog log = reopened();
        home.execute("UPDATE audit_record SET subject_key = 'nobody' WHERE stream = '" + stream + "' AND sequence = 9");
        assertLocated(verified(log).findings(), AuditFinding.Kind.SEARCH_COLUMNS, stream, 9, 9);
    }

    @Test
    void checkpointsOfOthersAreNotBelieved() throws Exception {
        twenty();
        AuditLog log = reopened();
        AuditReport report = log.reader().verify(CheckpointKeys.of(Events.keys().getPublic()), List.of());
        assertThat(report.findings())
                .isNotEmpty()
                .allMatch(finding -> finding.kind() == AuditFinding.Kind.BAD_CHECKPOINT);
        SignedCheckpoint good = witnessed.getFirst();
        SignedCheckpoint forged = new SignedCheckpoint(
                good.stream(), 5, good.hash(), good.purpose(), good.at(), good.key(), good.signature());
        assertThat(log.reader()
                        .verify(CheckpointKeys.of(keys.getPublic()), List.of(forged))
                        .findings())
                .singleElement()
                .extracting(AuditFinding::kind)
                .isEqualTo(AuditFinding.Kind.BAD_CHECKPOINT);
    }

    private void shift(String stream, long from, long to, long by) throws Exception {
        // One after the other, from the end that leaves room.
        for (long i = 0; i <= to - from; i++) {
            long n = by > 0 ? to - i : from + i;
            home.execute("UPDATE audit_record SET sequence = " + (n + by) + " WHERE stream = '" + stream
                    + "' AND sequence = " + n);
        }
    }

    private ChainedRecord record(String stream, long sequence) throws Exception {
        String where = " FROM audit_record WHERE stream = '" + stream + "' AND sequence = " + sequence;
        return new ChainedRecord(
                stream,
                sequence,
                home.ask("SELECT previous" + where),
                home.ask("SELECT body" + where),
                home.ask("SELECT commitment" + where),
                home.ask("SELECT hash" + where),
                null,
                null);
    }

    /** Gives a record another body, and hashes as if it had always had it. */
    private void forge(String stream, long sequence, String body) throws Exception {
        String previous = record(stream, sequence - 1).hash();
        ChainedRecord old = record(stream, sequence);
        ChainedRecord unhashed = new ChainedRecord(stream, sequence, previous, body, old.commitment(), "", null, null);
        home.execute("UPDATE audit_record SET body = '" + body + "', previous = '" + previous + "', hash = '"
                + Hashes.sha256(unhashed.text()) + "', outcome = '"
                + (body.contains("DENIED") ? "DENIED" : "ALLOWED") + "' WHERE stream = '" + stream
                + "' AND sequence = " + sequence);
    }

    @Test
    void somebodyIsErasedAndTheChainStaysValid() throws Exception {
        AuditLog log = open(builder());
        for (int i = 0; i < 450; i++) {
            log.record(event(i % 2 == 0 ? "alice" : "bob", "acme", "tool"));
        }
        log.record(event("admin", "acme", "alice"));
        log.record(event("alice", "other", "tool"));

        assertThat(log.erase("acme", "alice", "request 17")).isEqualTo(226);

        assertThat(log.reader()
                        .find(AuditQuery.ofTenant("acme").subject("alice"))
                        .items())
                .isEmpty();
        assertThat(log.reader()
                        .find(AuditQuery.ofTenant("other").subject("alice"))
                        .items())
                .hasSize(1);
        ByteArrayOutputStream export = new ByteArrayOutputStream();
        log.reader().export(export);
        assertThat(export.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("alice")))
                .hasSize(1);
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
        assertThat(log.reader().find(AuditQuery.ofTenant("acme").limit(1000)).items().stream()
                        .filter(AuditPage.Item::erased))
                .hasSize(226)
                .allSatisfy(item -> assertThat(item.event().credential()).isNull());
        assertThat(log.erase("acme", "alice", "again")).isZero();
    }

    @Test
    void whatIsErasedBehindTheLogsBackIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET personal = NULL, salt = NULL, subject_key = NULL, target_key = NULL"
                + " WHERE stream = '" + stream + "' AND sequence = 9");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.PERSONAL_MISSING, stream, 9, 9);
    }

    @Test
    void oldRecordsArePrunedAndTheRestIsVerified() throws Exception {
        String stream = twenty();
        AuditLog log = open(builder());
        for (int i = 0; i < 10; i++) {
            log.record(Events.at(NOON.plus(Duration.ofDays(i)), "alice", "acme", "tool", SecurityLevel.LOW));
        }
        assertThat(log.prune(NOON.minusSeconds(1))).as("nothing is that old").isZero();
        // All of the first stream; of the second its beginning and five days.
        assertThat(log.prune(NOON.plus(Duration.ofDays(4)).plusSeconds(1))).isEqualTo(21 + 1 + 5);
        assertThat(home.ask("SELECT count(*) FROM audit_record WHERE stream = '" + stream + "'"))
                .isEqualTo("0");
        log.record(event("alice", "acme", "tool"));
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
    }

    @Test
    void aBeginningThatIsDeletedWithoutLeaveIsFound() throws Exception {
        String stream = twenty();
        home.execute("DELETE FROM audit_record WHERE stream = '" + stream + "' AND sequence <= 4");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 1, 4);
    }

    @Test
    void aStreamWhoseReplicaIsSilentIsEndedAndItsWriterGoesOnInAnother() throws Exception {
        AuditLog paused = open(builder().writer("paused"));
        AuditLog other = open(builder().writer("other"));
        paused.record(event("alice", "acme", "before"));
        home.execute("UPDATE audit_stream SET renewed_at = 0 WHERE writer = 'paused'");
        other.keep();
        Eventually.holds("the other says so", () -> notices.stream().anyMatch(AuditNotice.Sealed.class::isInstance));
        paused.record(event("alice", "acme", "after"));
        Eventually.holds("the paused one knows", () -> notices.stream().anyMatch(AuditNotice.Fenced.class::isInstance));
        AuditReport report = verified(other);
        assertThat(report.findings()).isEmpty();
        assertThat(report.streams()).hasSize(3);
        assertThat(report.streams())
                .filteredOn(stream -> stream.state().equals("sealed"))
                .hasSize(1);
        assertThat(other.reader().find(AuditQuery.ofTenant("acme")).items()).hasSize(2);
    }

    @Test
    void callsAreRefusedWhileNothingCanBeWrittenAndNoneOfThemIsLostAfterwards() throws Exception {
        AuditLog log = open(builder()
                .timeout(Duration.ofSeconds(2))
                .databaseTimeout(Duration.ofSeconds(2))
                .whenUnavailable(WhenUnavailable.refuseFrom(SecurityLevel.HIGH)));
        log.record(event("alice", "acme", "before"));
        assertThat(log.healthCheck().probe().look().ok()).isTrue();
        try (AutoCloseable blocked = home.block()) {
            assertThatThrownBy(() -> log.record(Events.at(NOON, "alice", "acme", "high", SecurityLevel.HIGH)))
                    .isInstanceOf(AuditUnavailable.class);
            log.record(Events.at(NOON, "alice", "acme", "low", SecurityLevel.LOW));
            Eventually.holds(
                    "it is known", () -> !log.healthCheck().probe().look().ok());
            assertThatThrownBy(() -> log.record(Events.withoutLevel(AuditEvent.Kind.AUTHENTICATION)))
                    .as("no level")
                    .isInstanceOf(AuditUnavailable.class);
            assertThatThrownBy(() -> log.record(Events.denied(NOON, SecurityLevel.LOW)))
                    .as("denied, as what does not exist")
                    .isInstanceOf(AuditUnavailable.class);
            log.record(Events.withoutLevel(AuditEvent.Kind.DECISION));
            for (int i = 0; i < 50; i++) {
                log.record(Events.at(NOON, "alice", "acme", "medium-" + i, SecurityLevel.MEDIUM));
            }
        }
        Eventually.holds("it recovers", () -> log.healthCheck().probe().look().ok());
        Eventually.holds(
                "what waited is written",
                () -> log.reader().find(AuditQuery.ofTenant("acme").limit(100)).items().stream()
                                .filter(item -> !"high".equals(item.event().target()))
                                .count()
                        == 52);
        log.record(Events.at(NOON, "alice", "acme", "high-again", SecurityLevel.HIGH));
        assertThat(verified(log).findings()).isEmpty();
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Unavailable.class);
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Recovered.class);
    }

    @Test
    void whatIsLostIsCountedInTheLogItself() throws Exception {
        AuditLog log = open(builder()
                .timeout(Duration.ofMillis(100))
                .databaseTimeout(Duration.ofSeconds(2))
                .backlog(10)
                .whenUnavailable(WhenUnavailable.DEGRADE));
        try (AutoCloseable blocked = home.block()) {
            log.record(event("alice", "acme", "first"));
            Eventually.holds(
                    "it is known", () -> !log.healthCheck().probe().look().ok());
            for (int i = 0; i < 30; i++) {
                log.record(event("alice", "acme", "tool-" + i));
            }
        }
        Eventually.holds(
                "the log says so",
                () -> log.reader().find(AuditQuery.ofAllTenants().kind(AuditEvent.Kind.LOG)).items().stream()
                        .anyMatch(item -> "events-lost".equals(item.event().reason())
                                && "20".equals(item.event().details().get("events"))));
        assertThat(notices).hasAtLeastOneElementOfType(AuditNotice.Lost.class);
        assertThat(verified(log).findings()).isEmpty();
    }

    @Test
    void aSinkThatFailsCostsTheLogNothing() throws Exception {
        List<String> taken = new CopyOnWriteArrayList<>();
        boolean[] broken = {true};
        AuditLog log = open(builder().sink(lines -> {
            if (broken[0]) {
                throw new IllegalStateException("on purpose");
            }
            taken.addAll(lines);
        }));
        log.record(event("alice", "acme", "first"));
        Eventually.holds("it gives up", () -> notices.stream().anyMatch(AuditNotice.SinkMissed.class::isInstance));
        broken[0] = false;
        log.record(event("alice", "acme", "second"));
        Eventually.holds("it goes on", () -> taken.stream().anyMatch(line -> line.contains("second")));
        assertThat(taken.getFirst()).matches("\\{\"records\":[0-9]+,\"type\":\"missed\"}");
        assertThat(verified(log).records()).isEqualTo(3);
    }

    @Test
    void keysAreExchanged() {
        KeyPair next = Events.keys();
        AuditLog log = open(builder());
        log.record(event("alice", "acme", "first"));
        log.signWith(CheckpointSigner.of(next));
        log.record(event("alice", "acme", "second"));
        log.checkpoint();
        assertThat(witnessed)
                .extracting(SignedCheckpoint::key)
                .containsExactly(
                        CheckpointKeys.id(keys.getPublic()),
                        CheckpointKeys.id(next.getPublic()),
                        CheckpointKeys.id(next.getPublic()));
        assertThat(log.reader()
                        .verify(CheckpointKeys.of(keys.getPublic(), next.getPublic()), witnessed)
                        .findings())
                .isEmpty();
        assertThat(verified(log).findings())
                .isNotEmpty()
                .allMatch(finding -> finding.kind() == AuditFinding.Kind.BAD_CHECKPOINT);
    }

    @Test
    void aSignerThatFailsCostsTheLogNothing() {
        boolean[] broken = {false};
        CheckpointSigner sound = CheckpointSigner.of(keys);
        AuditLog log = open(home.log(new CheckpointSigner() {
                    @Override
                    public java.security.PublicKey publicKey() {
                        return sound.publicKey();
                    }

                    @Override
                    public byte[] sign(byte[] statement) throws Exception {
                        if (broken[0]) {
                            throw new IllegalStateException("on purpose");
                        }
                        return sound.sign(statement);
                    }
                })
                .witness(witnessed::add)
                .listener(notices::add));
        broken[0] = true;
        log.record(event("alice", "acme", "first"));
        log.checkpoint();
        Eventually.holds(
                "it is told", () -> notices.contains(new AuditNotice.CheckpointFailed("IllegalStateException")));
        assertThatThrownBy(() -> log.prune(NOON.plus(Duration.ofDays(36_500)))).isInstanceOf(AuditUnavailable.class);
        broken[0] = false;
        log.checkpoint();
        assertThat(witnessed).hasSize(1);
        assertThat(verified(log).findings()).isEmpty();
    }

    @Test
    void aClosedLogRefuses() {
        AuditLog log = builder().migrate();
        log.close();
        assertThatThrownBy(() -> log.record(event("alice", "acme", "late"))).isInstanceOf(AuditUnavailable.class);
        AuditLog next = reopened();
        assertThat(verified(next).streams())
                .filteredOn(s -> s.state().equals("closed"))
                .hasSize(1);
    }
}
