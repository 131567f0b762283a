package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static dev.mortise.security.audit.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Durability;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What somebody with all rights in the database, and no key, may write there so that the log itself signs it, or a verifier
 * believes it.
 */
abstract class AuditForgeryContract extends AuditLogFixture {
    private static final String FORGED = "f".repeat(32);

    StoredStream stored(String stream) {
        return new StoredStream(home, stream);
    }

    private static Entry.Own opened() {
        return new Entry.Own(NOON, Entry.Own.OPENED, Map.of("writer", "somebody", "streams", List.of()));
    }

    private static Entry.Own erased(String stream, long number) {
        return new Entry.Own(
                NOON,
                Entry.Own.ERASED,
                Map.of(
                        "reference",
                        "none",
                        "records",
                        List.of(Map.of("stream", stream, "from", number, "to", number))));
    }

    private void assertRefused(AuditFinding.Kind kind, String stream) {
        Eventually.holds(
                "the operator is told",
                () -> notices.stream()
                        .anyMatch(notice -> notice instanceof AuditNotice.NotAsWritten(AuditFinding finding)
                                && finding.kind() == kind
                                && stream.equals(finding.stream())));
    }

    private boolean isSigned(String stream, SignedCheckpoint.Purpose purpose, long sequence) {
        return witnessed.stream()
                .anyMatch(checkpoint -> checkpoint.stream().equals(stream)
                        && checkpoint.purpose() == purpose
                        && checkpoint.sequence() == sequence);
    }

    /** No hash covers the columns. */
    @Test
    void recordsThatAreMadeOldInTheColumnsAreNotPruned() throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        for (long n = 1; n <= 9; n++) {
            stored.search(
                    n, keys -> new Keys(0, keys.kind(), keys.outcome(), keys.tenant(), keys.subject(), keys.target()));
        }
        stored.write(9);
        AuditLog log = reopened();
        assertThat(log.prune(NOON.minus(Duration.ofDays(365)))).isZero();
        assertThat(stored(stream).numbers()).hasSize(21);
        assertThat(witnessed).noneMatch(signed -> signed.purpose() == SignedCheckpoint.Purpose.RETENTION);
        assertThat(log.prune(NOON.plusSeconds(1)))
                .as("the stream of the auditor is sound")
                .isEqualTo(1);
        assertRefused(AuditFinding.Kind.SEARCH_COLUMNS, stream);
        assertThat(stored(stream).numbers()).hasSize(21);
    }

    @Test
    void whatWasWrittenAnewIsNotPruned() throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        for (long n = 2; n <= 21; n++) {
            stored.forge(n, stored.record(n).body().replace("ALLOWED", "DENIED"));
        }
        stored.write(6);
        AuditLog log = reopened();
        assertThat(log.prune(NOON.plusSeconds(1))).as("that of the auditor").isEqualTo(1);
        assertRefused(AuditFinding.Kind.REWRITTEN, stream);
        home.execute("DELETE FROM audit_checkpoint WHERE sequence > 1 AND stream = '" + stream + "'");
        log.prune(NOON.plusSeconds(1));
        assertThat(stored(stream).numbers())
                .as("what nothing in the database shows to be what was signed")
                .hasSize(20);
        assertThat(isSigned(stream, SignedCheckpoint.Purpose.RETENTION, 1)).isTrue();
        assertLocated(verified(log).findings(), AuditFinding.Kind.REWRITTEN, stream, 2, 21);
    }

    @Test
    void aStreamThatNobodyBeganIsFoundAndNeitherBelievedNorSignedNorPruned() throws Exception {
        String stream = twenty();
        stored(stream).edit(9, ChainedRecord::withoutPerson).write(6);
        Head forged = StoredStream.invent(home, FORGED, opened(), erased(stream, 9));
        AuditLog log = reopened();
        log.keeper().keep();
        assertThat(isSigned(FORGED, SignedCheckpoint.Purpose.END, forged.sequence()))
                .isFalse();
        assertRefused(AuditFinding.Kind.UNSIGNED, FORGED);
        log.prune(NOON.plusSeconds(1));
        assertThat(stored(FORGED).numbers()).hasSize(2);
        for (AuditReport report : List.of(verified(log), verifiedExport(log))) {
            assertLocated(report.findings(), AuditFinding.Kind.UNSIGNED, FORGED, 0, 0);
        }
    }

    @Test
    void nobodyErasesByAStreamThatNobodyBegan() throws Exception {
        String stream = twenty();
        stored(stream).edit(9, ChainedRecord::withoutPerson).write(6);
        StoredStream.invent(home, FORGED, opened(), erased(stream, 9));
        List<AuditFinding> findings = findings();
        assertLocated(findings, AuditFinding.Kind.PERSONAL_MISSING, stream, 9, 9);
        assertLocated(findings, AuditFinding.Kind.UNSIGNED, FORGED, 0, 0);
        assertThat(findings).hasSize(2);
    }

    /** Behind its last checkpoint, where the chain fits: the end is signed by another replica, who cannot know. */
    @Test
    void nobodyErasesByTheEndOfAStreamWhoseWriterIsGone() throws Exception {
        String stream = twenty();
        stored(stream).edit(9, ChainedRecord::withoutPerson).write(6);
        open(builder().writer("killed"));
        String killed = home.ask("SELECT id FROM audit_stream WHERE writer = 'killed'");
        Head end = stored(killed).append(erased(stream, 9));
        home.execute("UPDATE audit_stream SET renewed_at = 0 WHERE writer = 'killed'");
        AuditLog log = reopened();
        log.keeper().keep();
        assertThat(isSigned(killed, SignedCheckpoint.Purpose.END, end.sequence()))
                .isTrue();
        for (AuditReport report : List.of(verified(log), verifiedExport(log))) {
            assertThat(report.findings()).hasSize(1);
            assertLocated(report.findings(), AuditFinding.Kind.PERSONAL_MISSING, stream, 9, 9);
        }
    }

    @Test
    void anEndIsNotSignedWhereMoreWasSignedBefore() throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        stored.delete(16, 21).write(6);
        home.execute("UPDATE audit_stream SET sequence = 15, witnessed = 0, hash = '"
                + stored.record(15).hash() + "' WHERE id = '" + stream + "'");
        home.execute("UPDATE audit_stream SET state = 'sealed' WHERE id = '" + stream + "'");
        AuditLog log = reopened();
        home.execute("UPDATE audit_stream SET witnessed = 0 WHERE id = '" + stream + "'");
        log.keeper().keep();
        assertRefused(AuditFinding.Kind.TRUNCATED, stream);
        assertThat(isSigned(stream, SignedCheckpoint.Purpose.END, 15)).isFalse();
    }

    /** Right after the transaction that began its stream. */
    @Test
    void theEndOfAWriterThatWasKilledAtOnceIsSigned() throws Exception {
        builder().migrate().close();
        Head first;
        try (Database database = home.database()) {
            Batch batch = new Chainer().chain(new Head("0".repeat(32), 0, Hashes.NONE), List.of(opened()));
            first = batch.after();
            new AuditTables(database, Durability.WRITTEN).open("killed", batch, List.of(), opening(first));
        }
        home.execute("UPDATE audit_stream SET renewed_at = 0 WHERE writer = 'killed'");
        AuditLog log = reopened();
        log.keeper().keep();
        assertThat(isSigned(first.stream(), SignedCheckpoint.Purpose.END, 1)).isTrue();
        assertThat(home.ask("SELECT witnessed FROM audit_stream WHERE writer = 'killed'"))
                .isEqualTo("1");
        assertThat(verified(log).findings()).isEmpty();
        assertThat(verifiedExport(log).findings()).isEmpty();
    }

    @Test
    void aStreamIsBegunWithItsSignatureOrNotAtAll() throws Exception {
        PublicKey key = keys.getPublic();
        CheckpointSigner gone = new CheckpointSigner() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public byte[] sign(byte[] statement) {
                throw new IllegalStateException("on purpose");
            }
        };
        assertThatThrownBy(() -> home.log(gone).migrate()).isInstanceOf(AuditUnavailable.class);
        assertThat(home.ask("SELECT count(*) FROM audit_stream")).isEqualTo("0");
        AuditLog log = open(builder().witness(checkpoint -> {
            throw new IllegalStateException("on purpose");
        }));
        assertThat(home.ask("SELECT count(*) FROM audit_checkpoint WHERE sequence = 1"))
                .isEqualTo("1");
        assertThat(verified(log).findings()).isEmpty();
    }

    @Test
    void theKeysOfOtherReplicasAreTrustedOnlyIfTheyAreGiven() throws Exception {
        KeyPair others = Events.keys();
        AuditLog other = open(home.log(CheckpointSigner.of(others)).writer("other"));
        other.record(event("alice", "acme", "tool"));
        String stream = home.ask("SELECT id FROM audit_stream WHERE writer = 'other'");
        home.execute("UPDATE audit_stream SET renewed_at = 0 WHERE writer = 'other'");
        reopened().keeper().keep();
        assertRefused(AuditFinding.Kind.UNSIGNED, stream);
        assertThat(isSigned(stream, SignedCheckpoint.Purpose.END, 2)).isFalse();
        open(builder().trust(CheckpointKeys.of(others.getPublic()))).keeper().keep();
        assertThat(isSigned(stream, SignedCheckpoint.Purpose.END, 2)).isTrue();
    }
}
