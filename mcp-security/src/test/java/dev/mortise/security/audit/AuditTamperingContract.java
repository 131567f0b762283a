package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody with all rights in the database may try, and how it is found and located. */
abstract class AuditTamperingContract extends AuditForgeryContract {
    /** How many records to a row: each alone, six, so that the seventh is the first of its row, and all together. */
    private static final int[] TOGETHER = {1, 6, 100};

    static IntStream together() {
        return IntStream.of(TOGETHER);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest(name = "{0} to a row")
    @MethodSource("together")
    @interface Together {}

    @Together
    void whatIsOnlyMovedToOtherRowsIsSound(int together) throws Exception {
        stored(twenty()).write(together);
        assertThat(findings()).isEmpty();
        assertThat(verified(reopened()).findings()).isEmpty();
    }

    @Together
    void anEditedRecordIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream)
                .edit(7, record -> withBody(record, record.body().replace("ALLOWED", "DENIED")))
                .write(together);
        List<AuditFinding> findings = findings();
        assertLocated(findings, AuditFinding.Kind.EDITED, stream, 7, 7);
        assertThat(findings).hasSize(1);
    }

    /** By a statement that everybody knows. */
    @Test
    void aRecordThatIsEditedWhereItStandsIsFound() throws Exception {
        String stream = twenty();
        home.execute("UPDATE audit_block SET lines = "
                + home.bytes("replace(" + home.text("lines") + ", 'ALLOWED', 'DENIED')")
                + " WHERE stream = '" + stream + "' AND first_sequence <= 7 AND last_sequence >= 7");
        List<AuditFinding> findings = findings();
        assertLocated(findings, AuditFinding.Kind.EDITED, stream, 7, 7);
        assertThat(findings).hasSize(1);
    }

    @Together
    void anEditedPersonalPartIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream)
                .edit(
                        7,
                        record -> new ChainedRecord(
                                record.stream(),
                                record.sequence(),
                                record.previous(),
                                record.body(),
                                record.commitment(),
                                record.hash(),
                                record.salt(),
                                String.valueOf(record.personal()).replace("alice", "mallory")))
                .write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.EDITED, stream, 7, 7);
    }

    @Together
    void anEditedRecordWithAFreshHashIsFound(int together) throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        stored.forge(7, stored.record(7).body().replace("ALLOWED", "DENIED")).write(together);
        assertLocated(findings(), AuditFinding.Kind.EDITED, stream, 7, 7);
    }

    /** It is found at its place all the same; but somebody may have relied on what it says. */
    @Together
    void anEditedNumberIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream).renumber(6, 406).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.EDITED, stream, 6, 6);
    }

    @Together
    void aDeletedRecordIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream).delete(7, 7).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 7, 7);
    }

    @Together
    void aDeletedRecordIsFoundAlsoIfTheOthersCloseTheGap(int together) throws Exception {
        String stream = twenty();
        stored(stream).delete(7, 7).shift(8, 21, -1).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 7, 7);
    }

    @Test
    void aDeletedRowIsFound() throws Exception {
        String stream = twenty();
        stored(stream).write(6);
        home.execute("DELETE FROM audit_block WHERE stream = '" + stream + "' AND first_sequence = 7");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 7, 12);
    }

    @Together
    void anInsertedRecordIsFound(int together) throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        ChainedRecord sixth = stored.record(6);
        stored.shift(7, 21, 1)
                .put(
                        7,
                        new ChainedRecord(
                                stream,
                                7,
                                sixth.previous(),
                                sixth.body(),
                                sixth.commitment(),
                                "a".repeat(64),
                                sixth.salt(),
                                sixth.personal()))
                .write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 7, 7);
    }

    @Together
    void anInsertedRecordWithAGoodHashIsFound(int together) throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        ChainedRecord seventh = stored.record(7);
        stored.shift(7, 21, 1)
                .put(7, seventh)
                .forge(7, seventh.body().replace("ALLOWED", "DENIED"))
                .write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 7, 7);
    }

    @Together
    void reorderedRecordsAreFound(int together) throws Exception {
        String stream = twenty();
        stored(stream).shift(7, 7, 1000).shift(8, 8, -1).shift(1007, 1007, -999).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.REORDERED, stream, 7, 7);
    }

    /** As they are, numbers and all, in another order in the row. */
    @Test
    void recordsThatChangePlacesInARowAreFound() throws Exception {
        String stream = twenty();
        stored(stream).swap(7, 8).write(100);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.REORDERED, stream, 7, 7);
    }

    @Together
    void truncationIsFoundByAnExternalCheckpoint(int together) throws Exception {
        String stream = twenty();
        // Somebody careful: nothing in the database says any more that there were others.
        StoredStream stored = stored(stream);
        stored.delete(16, 21).write(together);
        home.execute(
                "DELETE FROM audit_checkpoint WHERE sequence > 1",
                "UPDATE audit_stream SET sequence = 15, witnessed = 0, hash = '"
                        + stored.record(15).hash() + "' WHERE id = '" + stream + "'");
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.TRUNCATED, stream, 16, 21);
        List<SignedCheckpoint> kept = List.copyOf(witnessed);
        witnessed.removeIf(checkpoint -> checkpoint.sequence() > 1);
        assertThat(findings()).as("nobody can know without it").isEmpty();
        witnessed.addAll(kept);
    }

    @Test
    void truncationIsFoundByTheNextStreamToo() throws Exception {
        String stream = twenty();
        AuditLog next = reopened();
        witnessed.clear();
        home.execute(
                "DELETE FROM audit_block WHERE stream = '" + stream + "'",
                "DELETE FROM audit_checkpoint WHERE stream = '" + stream + "'",
                "DELETE FROM audit_stream WHERE id = '" + stream + "'");
        List<AuditFinding> findings = verifiedExport(next).findings();
        assertThat(findings).hasSize(1);
        assertLocated(findings, AuditFinding.Kind.TRUNCATED, stream, 1, 21);
    }

    @Together
    void aStreamThatWasWrittenAnewIsFoundByWhatWasSigned(int together) throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        for (long n = 7; n <= 21; n++) {
            String body = stored.record(n).body();
            stored.forge(n, n == 7 ? body.replace("ALLOWED", "DENIED") : body);
        }
        stored.write(together);
        assertLocated(findings(), AuditFinding.Kind.REWRITTEN, stream, 2, 21);
    }

    @Together
    void whatIsAppendedToAnEndedStreamIsFound(int together) throws Exception {
        String stream = twenty();
        StoredStream stored = stored(stream);
        ChainedRecord last = stored.record(21);
        stored.put(22, last).forge(22, last.body()).write(together);
        assertLocated(findings(), AuditFinding.Kind.INSERTED, stream, 22, 22);
    }

    @Together
    void recordsThatCannotBeSearchedForAreFound(int together) throws Exception {
        String stream = twenty();
        AuditLog log = reopened();
        stored(stream)
                .search(
                        9,
                        keys -> new Keys(
                                keys.at(),
                                keys.kind(),
                                keys.outcome(),
                                keys.tenant(),
                                Keys.of("nobody"),
                                keys.target()))
                .write(together);
        assertLocated(verified(log).findings(), AuditFinding.Kind.SEARCH_COLUMNS, stream, 9, 9);
    }

    /** What a search goes by before it looks into a directory. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "marks = 0",
                "since = since + 1",
                "until = until - 1",
                "last_sequence = last_sequence + 1",
                "first_sequence = first_sequence + 100, last_sequence = last_sequence + 100",
                "directory = lines"
            })
    void rowsThatCannotBeSearchedForAreFound(String change) throws Exception {
        String stream = twenty();
        stored(stream).write(6);
        AuditLog log = reopened();
        assertThat(verified(log).findings()).isEmpty();
        home.execute("UPDATE audit_block SET " + change + " WHERE stream = '" + stream + "' AND first_sequence = 19");
        assertThat(verified(log).findings())
                .isNotEmpty()
                .allMatch(finding -> finding.kind() == AuditFinding.Kind.SEARCH_COLUMNS);
    }

    @Together
    void whatIsNoRecordAnyMoreIsFoundAndTheOthersAreRead(int together) throws Exception {
        String stream = twenty();
        AuditLog log = reopened();
        stored(stream).spoil(9).write(together);
        List<AuditFinding> findings = verified(log).findings();
        assertLocated(findings, AuditFinding.Kind.MALFORMED, stream, 9, 9);
        assertLocated(findings, AuditFinding.Kind.DELETED, stream, 9, 9);
        assertThat(findings).hasSize(2);
        assertLocated(verifiedExport(log).findings(), AuditFinding.Kind.DELETED, stream, 9, 9);
        assertThatThrownBy(() -> log.reader().find(AuditQuery.ofAllTenants().target("tool-9")))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("verify the log");
        assertThat(log.reader()
                        .find(AuditQuery.ofAllTenants().target("tool-10"))
                        .items())
                .hasSize(1);
    }

    @Test
    void checkpointsOfOthersAreNotBelieved() throws Exception {
        twenty();
        AuditLog log = reopened();
        AuditReport report = log.reader().verify(CheckpointKeys.of(Events.keys().getPublic()), List.of());
        assertThat(report.findings())
                .extracting(AuditFinding::kind)
                .containsOnly(AuditFinding.Kind.BAD_CHECKPOINT, AuditFinding.Kind.UNSIGNED);
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

    @Together
    void whatIsErasedBehindTheLogsBackIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream).edit(9, ChainedRecord::withoutPerson).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.PERSONAL_MISSING, stream, 9, 9);
    }

    @Together
    void aBeginningThatIsDeletedWithoutLeaveIsFound(int together) throws Exception {
        String stream = twenty();
        stored(stream).delete(1, 4).write(together);
        assertThat(findings()).hasSize(1);
        assertLocated(findings(), AuditFinding.Kind.DELETED, stream, 1, 4);
    }

    private static ChainedRecord withBody(ChainedRecord record, String body) {
        return new ChainedRecord(
                record.stream(),
                record.sequence(),
                record.previous(),
                body,
                record.commitment(),
                record.hash(),
                record.salt(),
                record.personal());
    }
}
