package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.internal.json.CanonicalJson;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One search, back in time. Blocks come in the order of their ends; what their directories say may fit waits until no
 * block that is still to come can have anything later, and only then is read. Not thread-safe.
 */
final class AuditSearch {
    private static final int LOOK = 128;

    private final AuditTables tables;
    private final AuditQuery query;
    private final Keys asked;
    private final long from;
    private final long to;
    private final AuditReader.@Nullable Cursor after;
    private final long deadline;
    private final Duration limit;

    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(Comparator.reverseOrder());
    private @Nullable FoundBlock reached;
    private boolean exhausted;

    /** @throws IllegalArgumentException if the cursor is none that a page had */
    AuditSearch(AuditTables tables, AuditQuery query, Duration limit) {
        this.tables = tables;
        this.query = query;
        this.limit = limit;
        this.deadline = System.nanoTime() + limit.toNanos();
        Instant earliest = query.from();
        Instant latest = query.to();
        String cursor = query.cursor();
        this.after = cursor == null ? null : AuditReader.Cursor.parse(cursor);
        this.from = earliest == null ? Long.MIN_VALUE : earliest.toEpochMilli();
        this.to = latest == null ? Long.MAX_VALUE : latest.toEpochMilli();
        this.asked = new Keys(
                0,
                query.kind() == null ? 0 : Keys.of(query.kind().name()),
                query.outcome() == null ? 0 : Keys.of(query.outcome().name()),
                Keys.ofRaw(query.tenant()),
                Keys.ofRaw(query.subject()),
                Keys.ofRaw(query.target()));
    }

    AuditPage page() {
        List<AuditPage.Item> items = new ArrayList<>();
        AuditReader.Cursor last = null;
        while (true) {
            requireTime();
            Candidate next = candidates.peek();
            if (next == null || !isNext(next)) {
                if (exhausted) {
                    return new AuditPage(items, null);
                }
                look();
                continue;
            }
            candidates.remove();
            AuditPage.Item item = item(next);
            if (item != null && isAskedFor(item.event())) {
                if (items.size() == query.limit()) {
                    return new AuditPage(items, last == null ? null : last.text());
                }
                items.add(item);
                last = next.place();
            }
        }
    }

    private boolean isNext(Candidate candidate) {
        FoundBlock end = reached;
        return exhausted || (end != null && candidate.place().at() > end.until());
    }

    /** @param index of the record in the block */
    private record Candidate(AuditReader.Cursor place, FoundBlock block, int index) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return place.compareTo(other.place);
        }
    }

    private void requireTime() {
        if (System.nanoTime() - deadline >= 0) {
            throw new StoreUnavailable(
                    "Searching the audit log took longer than " + limit.toMillis() + " ms: ask for a shorter time");
        }
    }

    private void look() {
        List<FoundBlock> blocks = tables.blocks().backFrom(reached, from, latest(), asked.marks(), LOOK);
        for (FoundBlock block : blocks) {
            collect(block);
            reached = block;
        }
        exhausted = blocks.size() < LOOK;
    }

    /** The end of the latest block that may have anything to find. */
    private long latest() {
        long at = after == null ? to : Math.min(to, after.at());
        return at > Long.MAX_VALUE - Block.LONGEST ? Long.MAX_VALUE : at + Block.LONGEST;
    }

    private void collect(FoundBlock block) {
        ByteBuffer directory = ByteBuffer.wrap(block.directory());
        int count = block.directory().length / Keys.BYTES;
        for (int i = 0; i < count; i++) {
            Keys keys = Keys.read(directory, i);
            if (keys.at() >= from && keys.at() < to && keys.fits(asked)) {
                AuditReader.Cursor place = new AuditReader.Cursor(keys.at(), block.stream(), block.first() + i);
                if (after == null || place.compareTo(after) < 0) {
                    candidates.add(new Candidate(place, block, i));
                }
            }
        }
    }

    /** @return {@code null} if it was pruned meanwhile */
    private AuditPage.@Nullable Item item(Candidate candidate) {
        List<Line> lines = candidate.block().records(tables);
        if (lines == null) {
            return null;
        }
        try {
            if (candidate.index() >= lines.size()) {
                throw new IllegalArgumentException("It is missing");
            }
            return item(Json.read(lines.get(candidate.index()).text()));
        } catch (Json.InvalidJson | IllegalArgumentException | DateTimeException e) {
            AuditReader.Cursor place = candidate.place();
            throw new StoreUnavailable(
                    "Record " + place.sequence() + " of the audit stream " + place.stream()
                            + " is not as it was written: verify the log",
                    e);
        }
    }

    private boolean isAskedFor(AuditEvent event) {
        return (query.kind() == null || query.kind() == event.kind())
                && (query.outcome() == null || query.outcome() == event.outcome())
                && isAskedFor(query.tenant(), event.tenant())
                && isAskedFor(query.subject(), event.subject())
                && isAskedFor(query.target(), event.target());
    }

    private static boolean isAskedFor(@Nullable String asked, @Nullable String is) {
        return asked == null || RecordText.clean(asked).equals(is);
    }

    private static AuditPage.Item item(JsonNode line) {
        JsonNode record = line.path("record");
        JsonNode body = record.path("body");
        JsonNode personal = line.path("personal");
        String level = ExportLine.text(body, "level");
        AuditEvent event = new AuditEvent(
                Instant.parse(body.path("at").asString("")),
                AuditEvent.Kind.valueOf(body.path("kind").asString("")),
                AuditEvent.Outcome.valueOf(body.path("outcome").asString("")),
                ExportLine.text(personal, "subject"),
                ExportLine.text(body, "tenant"),
                ExportLine.text(personal, "credential"),
                ExportLine.text(body, "method"),
                ExportLine.text(personal, "target"),
                level == null ? null : SecurityLevel.valueOf(level),
                ExportLine.text(body, "reason"),
                ExportLine.text(personal, "requestId"),
                ExportLine.text(body, "traceId"),
                details(body.has("log") ? body.path("log") : personal.path("details")));
        return new AuditPage.Item(
                record.path("stream").asString(""),
                record.path("sequence").longValue(0),
                event,
                personal.isMissingNode()
                        && !record.path("commitment").asString("").isEmpty());
    }

    private static Map<String, String> details(JsonNode node) {
        Map<String, String> details = new TreeMap<>();
        node.properties()
                .forEach(member -> details.put(
                        member.getKey(),
                        member.getValue().isString()
                                ? member.getValue().stringValue()
                                : CanonicalJson.of(member.getValue())));
        return details;
    }
}
