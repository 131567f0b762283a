package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log in some database, with what it signs and tells. */
@Timeout(120)
abstract class AuditLogFixture {
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

    /** Twenty records, with a checkpoint that a witness has, and closed. */
    String twenty() {
        AuditLog log = builder().migrate();
        for (int i = 2; i <= 20; i++) {
            log.record(event("alice", "acme", "tool-" + i));
        }
        log.close();
        return witnessed.getFirst().stream();
    }

    /** As a process signs the first record of its stream. */
    SignedCheckpoint opening(Head first) throws Exception {
        return SignedCheckpoint.sign(first, SignedCheckpoint.Purpose.HEAD, NOON, CheckpointSigner.of(keys));
    }

    AuditLog reopened() {
        return open(builder().writer("auditor"));
    }

    List<AuditFinding> findings() throws Exception {
        AuditLog log = reopened();
        List<AuditFinding> offline = verifiedExport(log).findings();
        List<AuditFinding> online = verified(log).findings();
        assertThat(online).as("the same in the database and in an export").containsAll(offline);
        return offline;
    }

    static void assertLocated(List<AuditFinding> findings, AuditFinding.Kind kind, String stream, long from, long to) {
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.stream()).isEqualTo(stream);
            assertThat(finding.from()).isEqualTo(from);
            assertThat(finding.to()).isEqualTo(to);
        });
    }
}
