package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.security.SecurityLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the log does, in each database. */
abstract class AuditLogContract extends AuditLogFixture {
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

    /** However large a log is, it is looked through in parts, of all streams. */
    @Test
    void somebodyIsErasedPartByPart() throws Exception {
        String first = twenty();
        AuditLog log = open(builder());
        for (int i = 0; i < 20; i++) {
            log.record(event(i % 4 == 0 ? "alice" : "bob", "acme", "tool"));
        }
        try (Database database = home.database()) {
            Erasure erasure = new Erasure(log.keeper(), new AuditTables(database, Durability.WRITTEN), 7);
            assertThat(erasure.erase(null, "alice", "request 18")).isEqualTo(19 + 5);
        }
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("alice")).items())
                .isEmpty();
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("bob")).items())
                .hasSize(15);
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verified(log).streams()).anyMatch(stream -> stream.id().equals(first));
    }

    /** The answer to the first attempt was lost, and somebody has taken the writer for dead meanwhile. */
    @Test
    void aBatchThatIsTriedAgainIsThereOnceAndNotAfterTheStreamWasSealed() throws Exception {
        builder().migrate().close();
        try (Database database = home.database()) {
            AuditTables tables = new AuditTables(database, Durability.WRITTEN);
            Chainer chainer = new Chainer();
            Batch opened = chainer.chain(
                    new Head("0123456789abcdef", 0, Hashes.NONE),
                    List.of(new Entry.Own(NOON, Entry.Own.OPENED, Map.of("writer", "test"))));
            tables.open("test", opened, List.of(), opening(opened.after()));
            List<Entry> lost = List.of(new Entry.Own(NOON, Entry.Own.LOST, Map.of("events", 1L)));
            Batch next = chainer.chain(opened.after(), lost);
            assertThat(tables.append(next, false)).isEqualTo(AuditTables.Appended.YES);
            assertThat(tables.append(next, false)).isEqualTo(AuditTables.Appended.BEFORE);
            assertThat(tables.seal("none", Duration.ofMinutes(-1))).contains(next.after());
            Batch late = chainer.chain(next.after(), lost);
            assertThat(tables.append(late, false)).isEqualTo(AuditTables.Appended.FENCED);
        }
    }

    /** Rows of five: of some all records are found, erased or pruned, of some one, of some none. */
    @Test
    void recordsThatShareARowAreFoundErasedAndPrunedEachByItself() throws Exception {
        AuditLog first = builder().migrate();
        for (int i = 0; i < 14; i++) {
            first.record(Events.at(
                    NOON.plusMillis(100 * i + 100),
                    i % 3 == 0 ? "alice" : "bob",
                    "acme",
                    "tool-" + i,
                    SecurityLevel.LOW));
        }
        first.close();
        String stream = witnessed.getFirst().stream();
        new StoredStream(home, stream).write(5);
        // What the log says of erasing is younger than what it erases, and so is not pruned before that.
        AuditLog log = open(builder().clock(Clock.fixed(NOON.plusSeconds(60), ZoneOffset.UTC)));
        assertThat(verified(log).findings()).isEmpty();

        List<String> targets = new ArrayList<>();
        String cursor = null;
        do {
            AuditPage page = log.reader()
                    .find(AuditQuery.ofTenant("acme").subject("bob").limit(2).after(cursor));
            page.items().forEach(item -> targets.add(item.event().target()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(targets)
                .containsExactly(
                        "tool-13", "tool-11", "tool-10", "tool-8", "tool-7", "tool-5", "tool-4", "tool-2", "tool-1");
        assertThat(log.reader()
                        .find(AuditQuery.ofAllTenants()
                                .from(NOON.plusMillis(500))
                                .to(NOON.plusMillis(700)))
                        .items())
                .extracting(item -> item.event().target())
                .containsExactly("tool-5", "tool-4");

        assertThat(log.erase(null, "alice", "request 19")).isEqualTo(5);
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("alice")).items())
                .isEmpty();
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("bob")).items())
                .hasSize(9);
        assertThat(verified(log).findings()).isEmpty();

        assertThat(log.prune(NOON.plusMillis(650))).isEqualTo(7);
        assertThat(new StoredStream(home, stream).numbers().getFirst()).isEqualTo(8);
        assertThat(log.reader().find(AuditQuery.ofAllTenants().subject("bob")).items())
                .extracting(item -> item.event().target())
                .containsExactly("tool-13", "tool-11", "tool-10", "tool-8", "tool-7");
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
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
        assertThat(home.ask("SELECT count(*) FROM audit_block WHERE stream = '" + stream + "'"))
                .isEqualTo("0");
        log.record(event("alice", "acme", "tool"));
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
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
    void whoWaitsForAVerificationHearsHowFarItIs() {
        AuditLog log = open(builder());
        log.record(event("alice", "acme", "first"));
        log.record(event("alice", "acme", "second"));
        log.checkpoint();
        List<Long> read = new ArrayList<>();
        AuditReport report = log.reader().verify(CheckpointKeys.of(keys.getPublic()), witnessed, read::add);
        assertThat(report.records()).isGreaterThanOrEqualTo(2);
        assertThat(read)
                .as("each is read twice")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2 * report.records()).boxed().toList());
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
