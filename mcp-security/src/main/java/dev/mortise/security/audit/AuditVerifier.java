package dev.mortise.security.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Verifies a log without the database that it is from, nor anything else but the public keys. It reads twice: what the
 * records of one stream say of another may stand anywhere. Memory is needed for each stream and each checkpoint, not for
 * the records. Not thread-safe.
 */
public final class AuditVerifier {
    private static final int MOST_FINDINGS = 1000;
    private static final Pattern STREAM = Pattern.compile("[0-9a-f]{32}");

    private final CheckpointKeys keys;
    private final Collection<SignedCheckpoint> external;
    private final LongConsumer progress;
    private final Map<String, StreamCheck> streams = new TreeMap<>();
    private final List<AuditFinding> findings = new ArrayList<>();
    private long read;

    /**
     * Prepares a verification, for one use.
     *
     * @param external checkpoints that were kept elsewhere: without them nothing says what is missing at the end
     */
    public AuditVerifier(CheckpointKeys keys, Collection<SignedCheckpoint> external) {
        this(keys, external, read -> {});
    }

    AuditVerifier(CheckpointKeys keys, Collection<SignedCheckpoint> external, LongConsumer progress) {
        this.keys = keys;
        this.external = external;
        this.progress = progress;
    }

    /** @param export what {@link AuditReader#export} has written */
    public AuditReport verify(Path export) throws IOException {
        return verify(new ExportSource(export));
    }

    AuditReport verify(AuditSource source) throws IOException {
        external.forEach(this::checkpoint);
        source.read(new Anchors());
        streams.values().forEach(StreamCheck::begin);
        source.read(new Chains());
        streams.values().forEach(StreamCheck::end);
        return new AuditReport(
                findings, streams.values().stream().map(StreamCheck::report).toList());
    }

    private void found(AuditFinding finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    private StreamCheck stream(String id) {
        return streams.computeIfAbsent(id, newId -> new StreamCheck(newId, this::found));
    }

    private void checkpoint(SignedCheckpoint checkpoint) {
        if (checkpoint.isSignedBy(keys)) {
            stream(checkpoint.stream()).signed(checkpoint);
        } else {
            found(AuditFinding.at(
                    AuditFinding.Kind.BAD_CHECKPOINT,
                    checkpoint.stream(),
                    checkpoint.sequence(),
                    keys.knows(checkpoint.key())
                            ? "the signature of a checkpoint is wrong"
                            : "a checkpoint is signed by a key that is not trusted: "
                                    + RecordText.clean(checkpoint.key())));
        }
    }

    private void believe(JsonNode log) {
        for (JsonNode end : log.path("streams").values()) {
            String id = end.path("stream").asString("");
            if (STREAM.matcher(id).matches()) {
                stream(id)
                        .vouched(
                                end.path("sequence").longValue(0),
                                end.path("hash").asString(""));
            }
        }
        for (JsonNode range : log.path("records").values()) {
            String id = range.path("stream").asString("");
            if (STREAM.matcher(id).matches()) {
                stream(id)
                        .erased(
                                range.path("from").longValue(0),
                                range.path("to").longValue(0));
            }
        }
    }

    /** First: what has to be so. */
    private final class Anchors implements AuditSource.Visitor {
        @Override
        public void stream(StreamState state) {
            AuditVerifier.this.stream(state.head().stream()).listed(state);
        }

        @Override
        public void checkpoint(SignedCheckpoint checkpoint) {
            AuditVerifier.this.checkpoint(checkpoint);
        }

        @Override
        public void record(ChainedRecord record) {
            progress.accept(++read);
            AuditVerifier.this.stream(record.stream()).claims().record(record, AuditVerifier.this::believe);
        }

        @Override
        public void problem(AuditFinding finding) {
            found(finding);
        }
    }

    /** Then: whether it is. */
    private final class Chains implements AuditSource.Visitor {
        @Override
        public void stream(StreamState state) {
            // Known by now.
        }

        @Override
        public void checkpoint(SignedCheckpoint checkpoint) {
            // Known by now.
        }

        @Override
        public void record(ChainedRecord record) {
            progress.accept(++read);
            AuditVerifier.this.stream(record.stream()).record(record);
        }

        @Override
        public void problem(AuditFinding finding) {
            // Known by now.
        }
    }
}
