package dev.mortise.examples.production.admin;

import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.audit.AuditNotice;
import dev.mortise.security.audit.AuditReport;
import dev.mortise.security.audit.CheckpointKeys;
import dev.mortise.security.audit.CheckpointSigner;
import dev.mortise.security.audit.CheckpointWitness;
import dev.mortise.security.audit.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The audit log with what it is verified by: its public key, and the checkpoints that were kept beside it. To be proof
 * against those who administer this machine, keep copies of both elsewhere.
 */
public final class ProvableLog implements AutoCloseable {
    private final AuditLog log;
    private final CheckpointKeys keys;
    private final @Nullable Path checkpoints;

    private ProvableLog(AuditLog log, CheckpointKeys keys, @Nullable Path checkpoints) {
        this.log = log;
        this.keys = keys;
        this.checkpoints = checkpoints;
    }

    /**
     * Opens it.
     *
     * @param linger how long after one transaction the next begins at the soonest
     * @param checkpoints where to keep them; {@code null} for in the database alone
     * @param metrics is told of what could not be written
     */
    public static ProvableLog open(
            DataSource dataSource,
            Duration linger,
            KeyPair pair,
            String writer,
            @Nullable Path checkpoints,
            MetricSink metrics) {
        // Asked for now: an alert sees a counter increase only if it was there before.
        LongConsumer failures = metrics.counter(MetricNames.AUDIT_WRITE_FAILURES, Map.of());
        AuditLog.Builder builder = AuditLog.in(dataSource, CheckpointSigner.of(pair))
                .writer(writer)
                .linger(linger)
                .listener(notice -> failures.accept(failed(notice)));
        if (checkpoints != null) {
            builder.witness(CheckpointWitness.file(checkpoints));
        }
        return new ProvableLog(builder.migrate(), CheckpointKeys.of(pair.getPublic()), checkpoints);
    }

    private static long failed(AuditNotice notice) {
        return switch (notice) {
            case AuditNotice.Unavailable away -> 1;
            case AuditNotice.Lost lost -> lost.events();
            case AuditNotice.CheckpointFailed unsigned -> 1;
            case AuditNotice.NotAsWritten tampered -> 1;
            case AuditNotice.SinkMissed missed -> missed.records();
            case AuditNotice.Recovered back -> 0;
            case AuditNotice.Fenced ended -> 0;
            case AuditNotice.Sealed ended -> 0;
        };
    }

    public AuditLog log() {
        return log;
    }

    /** Reads every record. Signs what there is first, so that the end is vouched for, too. */
    public AuditReport verify() {
        return verify(read -> {});
    }

    /** @param progress is told of each record how many were read: each is read twice */
    public AuditReport verify(LongConsumer progress) {
        log.checkpoint();
        return log.reader().verify(keys, kept(), progress);
    }

    private List<SignedCheckpoint> kept() {
        List<SignedCheckpoint> kept = new ArrayList<>();
        if (checkpoints != null && Files.exists(checkpoints)) {
            try (var lines = Files.lines(checkpoints)) {
                lines.filter(line -> !line.isBlank())
                        .map(SignedCheckpoint::parse)
                        .forEach(kept::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return kept;
    }

    @Override
    public void close() {
        log.close();
    }
}
