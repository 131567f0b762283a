package dev.mortise.security.audit;

import static dev.mortise.security.audit.Events.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.mortise.security.SecurityLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What the writer of a log makes of events: lines as an export has them, in blocks. */
class ChainerTest {
    private static final Head BEGIN = new Head("0af7651916cd43dd8448eb211c80319c", 0, Hashes.NONE);

    private final Chainer chainer = new Chainer();

    private Batch chain(Head before, List<AuditEvent> events) {
        return chainer.chain(before, events.stream().map(Entry.Event::new).toList());
    }

    private static List<Line> lines(Batch batch) {
        return batch.blocks().stream()
                .flatMap(block -> block.records().stream())
                .toList();
    }

    /** Whatever somebody sends: it is written in one pass, and has to be what is read and written again. */
    @Property(tries = 500)
    void aLineIsTheCanonicalFormOfItsRecordAndSoAreItsKeys(
            @ForAll String subject, @ForAll String target, @ForAll String detail, @ForAll String reason) {
        AuditEvent event = new AuditEvent(
                NOON,
                AuditEvent.Kind.DECISION,
                AuditEvent.Outcome.DENIED,
                subject,
                reason.isEmpty() ? null : detail,
                null,
                "tools/call",
                target.repeat(20),
                SecurityLevel.HIGH,
                reason,
                "\"1\"",
                null,
                Map.of(subject, detail));
        Batch batch = chain(BEGIN, List.of(event, Events.event("alice", "acme", "tool"), event));
        List<Line> lines = lines(batch);
        assertThat(lines).hasSize(3);
        String previous = Hashes.NONE;
        for (Line line : lines) {
            ChainedRecord record = line.record();
            assertThat(Line.of(record, line.keys()).text()).isEqualTo(line.text());
            assertThat(Keys.of(
                            line.jsonOrMissing().path("record").path("body"),
                            line.jsonOrMissing().path("personal")))
                    .isEqualTo(line.keys());
            assertThat(record.previous()).isEqualTo(previous);
            assertThat(record.isOriginally(record.sequence())).isTrue();
            assertThat(record.keepsCommitment()).isTrue();
            previous = record.hash();
        }
        assertThat(batch.after()).isEqualTo(new Head(BEGIN.stream(), 3, previous));
        assertThat(lines.getFirst().keys().subject()).isEqualTo(Keys.ofRaw(subject));
    }

    @Example
    void aBlockThatIsFullGetsNoMoreRecords() {
        List<AuditEvent> events = IntStream.range(0, 500)
                .mapToObj(i -> Events.event("alice", "acme", "tool-" + i))
                .toList();
        Batch batch = chain(BEGIN, events);
        assertThat(batch.blocks()).hasSizeBetween(3, 20);
        long next = 1;
        for (Block block : batch.blocks()) {
            assertThat(block.first()).isEqualTo(next);
            assertThat(block.lines().length).isLessThan(Block.FULL + 2000);
            assertThat(block.isWellKept(block.records())).isTrue();
            next = block.last() + 1;
        }
        assertThat(next).isEqualTo(501);
        assertThat(batch.lines()).hasSize(500).allMatch(line -> line.endsWith("\"type\":\"record\"}"));
        assertThat(chain(batch.after(), events.subList(0, 1))
                        .blocks()
                        .getFirst()
                        .first())
                .isEqualTo(501);
    }

    /** A search relies on that: it would not look for a record where a block does not belong. */
    @Example
    void aBlockDoesNotLastLong() {
        List<AuditEvent> events = new ArrayList<>();
        for (long millis : new long[] {0, 5_000, 10_000, 10_001, 3_000, 20_001, 20_002}) {
            Instant at = NOON.plusMillis(millis);
            events.add(Events.at(at, "alice", "acme", "tool", SecurityLevel.LOW));
        }
        assertThat(chain(BEGIN, events).blocks())
                .extracting(Block::first, Block::last)
                .containsExactly(tuple(1L, 3L), tuple(4L, 5L), tuple(6L, 7L));
    }
}
