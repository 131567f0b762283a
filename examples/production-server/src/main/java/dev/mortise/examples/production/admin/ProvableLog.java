package dev.mortise.examples.production.admin;

import dev.mortise.security.audit.AuditLog;
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
import java.util.ArrayList;
import java.util.List;
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

    /** @param checkpoints where to keep them; {@code null} for in the database alone */
    public static ProvableLog open(DataSource dataSource, KeyPair pair, String writer, @Nullable Path checkpoints) {
        AuditLog.Builder builder =
                AuditLog.in(dataSource, CheckpointSigner.of(pair)).writer(writer);
        if (checkpoints != null) {
            builder.witness(CheckpointWitness.file(checkpoints));
        }
        return new ProvableLog(builder.migrate(), CheckpointKeys.of(pair.getPublic()), checkpoints);
    }

    public AuditLog log() {
        return log;
    }

    /** Reads every record. Signs what there is first, so that the end is vouched for, too. */
    public AuditReport verify() {
        log.checkpoint();
        return log.reader().verify(keys, kept());
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
