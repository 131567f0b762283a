package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody with all rights in the database may try, and how it is found and located. */
abstract class AuditTamperingContract extends AuditLogFixture {
    @Test
    void anEditedRecordIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET body = "
                + home.bytes("replace(" + home.text("body") + ", 'ALLOWED', 'DENIED')")
                + " WHERE stream = '" + stream
                + "' AND sequence = 7");
        List<AuditFinding> findings = findings();
        assertLocated(findings, AuditFinding.Kind.EDITED, stream, 7, 7);
        assertThat(findings).hasSize(1);
    }

    @Test
    void anEditedPersonalPartIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET personal = "
                + home.bytes("replace(" + home.text("personal") + ", 'alice', 'mallory')") + ", subject_key = 'mallory'"
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
        home.execute("INSERT INTO audit_record SELECT stream, 7, previous, " + home.hex("a".repeat(64))
                + ", body, commitment, salt, personal, at, kind, outcome, tenant_key, subject_key, target_key"
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
                "UPDATE audit_stream SET sequence = 15, witnessed = 0, hash = (SELECT " + home.hexOf("hash")
                        + " FROM audit_record r" + " WHERE r.stream = id AND r.sequence = 15) WHERE id = '" + stream
                        + "'");
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

    @Test
    void whatIsErasedBehindTheLogsBackIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_record SET personal = NULL, salt = NULL, subject_key = NULL, target_key = NULL"
                + " WHERE stream = '" + stream + "' AND sequence = 9");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.PERSONAL_MISSING, stream, 9, 9);
    }

    @Test
    void aBeginningThatIsDeletedWithoutLeaveIsFound() throws Exception {
        String stream = twenty();
        home.execute("DELETE FROM audit_record WHERE stream = '" + stream + "' AND sequence <= 4");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 1, 4);
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
                home.ask("SELECT " + home.hexOf("previous") + where),
                home.ask("SELECT " + home.text("body") + where),
                home.ask("SELECT " + home.hexOf("commitment") + where),
                home.ask("SELECT " + home.hexOf("hash") + where),
                null,
                null);
    }

    /** Gives a record another body, and hashes as if it had always had it. */
    private void forge(String stream, long sequence, String body) throws Exception {
        String previous = record(stream, sequence - 1).hash();
        ChainedRecord old = record(stream, sequence);
        ChainedRecord unhashed = new ChainedRecord(stream, sequence, previous, body, old.commitment(), "", null, null);
        home.execute(
                "UPDATE audit_record SET body = " + home.bytes("'" + body + "'") + ", previous = " + home.hex(previous)
                        + ", hash = " + home.hex(Hashes.sha256(unhashed.text())) + ", outcome = '"
                        + (body.contains("DENIED") ? "DENIED" : "ALLOWED") + "' WHERE stream = '" + stream
                        + "' AND sequence = " + sequence);
    }
}
