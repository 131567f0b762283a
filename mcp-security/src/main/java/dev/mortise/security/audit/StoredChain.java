package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows the records of a stream as they lie in the database, and stops where one does not follow the one before, is not
 * what it was hashed as or not what was signed, or where its row says something else than itself. Not thread-safe.
 */
final class StoredChain {
    private static final int BLOCKS = 16;

    private final AuditBlocks reads;
    private final Head from;
    private final Map<Long, String> signed;
    private final Runnable eachRead;

    private final Deque<Line> lines = new ArrayDeque<>();
    private long nextBlock;
    /** How many are read at once: whoever wants a look at the first record only reads no more. */
    private int atOnce = 1;

    private @Nullable Head at;
    private @Nullable Instant time;
    private @Nullable AuditFinding finding;

    /**
     * Prepares it.
     *
     * @param from what is signed: the first record is this one or one before it, or follows it
     * @param firstBlock where to begin to read
     * @param signed hashes by numbers
     * @param eachRead is run whenever the database was asked for more
     */
    StoredChain(AuditBlocks reads, Head from, long firstBlock, Map<Long, String> signed, Runnable eachRead) {
        this.reads = reads;
        this.from = from;
        this.nextBlock = firstBlock;
        this.signed = signed;
        this.eachRead = eachRead;
    }

    /** @return the next record; {@code null} if there is none, or something was found */
    @Nullable
    Head next() {
        while (lines.isEmpty() && finding == null && atOnce > 0) {
            read();
        }
        Line line = finding == null ? lines.poll() : null;
        return line == null ? null : follow(line);
    }

    /** Where it is; {@code null} before the first record. */
    @Nullable
    Head at() {
        return at;
    }

    /** When the record was that it is at, by its own account, which is hashed. */
    Instant time() {
        if (time == null) {
            throw new IllegalStateException("There was no record yet");
        }
        return time;
    }

    /** Why it stopped; {@code null} if nothing is wrong so far. */
    @Nullable
    AuditFinding finding() {
        return finding;
    }

    private void read() {
        List<Block> blocks = reads.ofStream(from.stream(), nextBlock, atOnce);
        eachRead.run();
        atOnce = blocks.size() < atOnce ? 0 : BLOCKS;
        for (Block block : blocks) {
            nextBlock = block.first() + 1;
            List<Line> records = block.records();
            if (!block.isWellKept(records)) {
                finding = new AuditFinding(
                        AuditFinding.Kind.SEARCH_COLUMNS,
                        from.stream(),
                        block.first(),
                        Math.max(block.first(), block.last()),
                        "the columns of a row are not those of its records");
                return;
            }
            lines.addAll(records);
        }
    }

    private @Nullable Head follow(Line line) {
        long expected = at == null ? from.sequence() + 1 : at.sequence() + 1;
        try {
            JsonNode json = Json.read(line.text());
            ChainedRecord record = ExportLine.record(json);
            JsonNode body = json.path("record").path("body");
            time = Instant.parse(body.path("at").asString(""));
            finding = disagreement(record, expected);
            if (finding == null && time.toEpochMilli() != line.keys().at()) {
                finding = found(
                        AuditFinding.Kind.SEARCH_COLUMNS, record.sequence(), "the columns have another time for it");
            }
            if (finding == null) {
                at = new Head(record.stream(), record.sequence(), record.hash());
                return at;
            }
        } catch (Json.InvalidJson | IllegalArgumentException | DateTimeException e) {
            finding = found(AuditFinding.Kind.MALFORMED, expected, "it is no record of an audit log");
        }
        return null;
    }

    private @Nullable AuditFinding disagreement(ChainedRecord record, long expected) {
        long number = record.sequence();
        if (!record.stream().equals(from.stream()) || !record.isOriginally(number)) {
            return found(AuditFinding.Kind.EDITED, expected, "its content is not what its hash was made of");
        }
        if (number > expected) {
            return new AuditFinding(AuditFinding.Kind.DELETED, from.stream(), expected, number - 1, "missing");
        }
        boolean begins = at == null && number < expected;
        if (number < expected && !begins) {
            return found(AuditFinding.Kind.REORDERED, number, "it stands behind one that was written later");
        }
        String previous = at == null ? from.hash() : at.hash();
        if (!begins && !record.previous().equals(previous)) {
            return found(AuditFinding.Kind.EDITED, number, "it follows another record than the one before it");
        }
        String hash = signed.get(number);
        return hash == null || hash.equals(record.hash())
                ? null
                : found(AuditFinding.Kind.REWRITTEN, number, "it is not what was signed");
    }

    private AuditFinding found(AuditFinding.Kind kind, long number, String message) {
        return AuditFinding.at(kind, from.stream(), number, message);
    }
}
