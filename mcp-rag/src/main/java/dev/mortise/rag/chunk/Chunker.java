package dev.mortise.rag.chunk;

import dev.mortise.rag.document.Block;
import dev.mortise.rag.document.Document;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.internal.Interrupts;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts documents into passages. A passage ends where a section does, unless the section is very short; else between
 * paragraphs if that wastes less than half of it, else between sentences. Lists, code and tables stay whole if one passage
 * can hold them; otherwise lists are divided between items, code between lines, tables between rows, with the header
 * before each part. A heading, and a sentence that ends with a colon, stay with what follows. Immutable, thread-safe.
 */
public final class Chunker {
    /**
     * Of how documents are cut. Raised with whatever gives a document other passages, headings or contexts than before:
     * documents that are stored are cut anew when they come again, though their bytes are the same.
     */
    private static final int REVISION = 2;

    private static final int DEFAULT_TOKENS = 400;
    private static final int DEFAULT_OVERLAP = 60;

    private final Limits limits;
    private final TokenCounter counter;
    private final String counterName;

    private Chunker(Limits limits, TokenCounter counter, String counterName) {
        this.limits = limits;
        this.counter = counter;
        this.counterName = counterName;
    }

    /** Passages of at most 400 tokens, by an estimate, 60 of which may be the end of the one before. */
    public static Chunker standard() {
        return of(DEFAULT_TOKENS, DEFAULT_OVERLAP);
    }

    /**
     * By an estimate of tokens.
     *
     * @param maxTokens what a passage with title and headings has at most; 16 to 100,000
     * @param overlapTokens how many tokens of a passage may be said again at the beginning of the next one of the same
     *     section: at most a half
     */
    public static Chunker of(int maxTokens, int overlapTokens) {
        return of(maxTokens, overlapTokens, TokenCounter.estimate(), "estimate");
    }

    /**
     * By the tokens of a model.
     *
     * @param counterName names the counter and its version: when it changes, documents are cut anew
     */
    public static Chunker of(int maxTokens, int overlapTokens, TokenCounter counter, String counterName) {
        return new Chunker(new Limits(maxTokens, overlapTokens), counter, counterName);
    }

    /** Changes when the same document would be cut in another way. */
    public String recipe() {
        return "chunker-" + REVISION + ":" + limits.tokens() + ":" + limits.overlap() + ":" + counterName;
    }

    /**
     * The passages of a document, in order.
     *
     * @throws DocumentRejected if there are more than these
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public List<Passage> chunk(Document document, int maxPassages) throws DocumentRejected {
        Packer packer = new Packer(document.text(), document.title(), limits, counter);
        Cutting cutting = new Cutting(packer, new Units(document.text(), counter), maxPassages);
        List<Block> blocks = document.blocks();
        for (int at = 0; at < blocks.size(); ) {
            Interrupts.check();
            at += cutting.take(blocks, at);
        }
        cutting.end();
        return packer.finished();
    }

    /** The work on one document. */
    private final class Cutting {
        private final Packer packer;
        private final Units units;
        private final int maxPassages;
        private final Outline outline = new Outline();
        private List<String> path = List.of();
        private int announcedLevel;

        /** What was read and stays with what comes next. */
        private final List<Unit> announced = new ArrayList<>();

        Cutting(Packer packer, Units units, int maxPassages) {
            this.packer = packer;
            this.units = units;
            this.maxPassages = maxPassages;
        }

        /** @return how many blocks were taken */
        int take(List<Block> blocks, int at) throws DocumentRejected {
            int room = roomForNext();
            int taken = 1;
            switch (blocks.get(at)) {
                case Block.Heading heading -> enter(heading);
                case Block.Prose prose -> take(prose, at + 1 < blocks.size() ? blocks.get(at + 1) : prose, room);
                case Block.Code code -> take(code, room);
                case Block.Table table -> add(units.ofTable(table, room, limits.lead()), true);
                case Block.Item item -> taken = takeList(blocks, at, room);
            }
            if (packer.count() > maxPassages) {
                throw new DocumentRejected(
                        Reason.TOO_LARGE, "It has more than the " + maxPassages + " passages that are allowed");
            }
            return taken;
        }

        /** What a unit may have, if what announces it is to fit into the same passage. */
        private int roomForNext() {
            int room = packer.roomOfUnit(path);
            int needed = announced.stream().mapToInt(Unit::tokens).sum();
            return needed <= room / 2 ? room - needed : room;
        }

        private void enter(Block.Heading heading) {
            // A heading right under another one stays with it.
            if (announced.isEmpty() || heading.level() <= announcedLevel) {
                flush();
                packer.endSection();
            }
            announcedLevel = heading.level();
            outline.enter(heading);
            path = outline.path();
            announced.addAll(units.ofHeading(heading, packer.roomOfUnit(path)));
        }

        private void take(Block.Prose prose, Block next, int room) {
            List<Unit> sentences = units.ofProse(prose.start(), prose.end(), room);
            boolean announces = switch (next) {
                case Block.Item list -> units.endsWithColon(prose.end());
                case Block.Code code -> units.endsWithColon(prose.end());
                case Block.Table table -> units.endsWithColon(prose.end());
                case Block.Prose more -> false;
                case Block.Heading section -> false;
            };
            if (announces && !sentences.isEmpty()) {
                add(sentences.subList(0, sentences.size() - 1), false);
                announced.add(sentences.getLast());
            } else {
                add(sentences, false);
            }
        }

        private void take(Block.Code code, int room) {
            List<List<Unit>> stanzas = units.ofCode(code, room);
            List<Unit> whole = stanzas.stream().flatMap(List::stream).toList();
            if (packer.fitsAlone(whole, path)) {
                add(whole, true);
            } else {
                stanzas.forEach(stanza -> add(stanza, false));
            }
        }

        /** The items of a list, as one if a passage can hold it. */
        private int takeList(List<Block> blocks, int at, int room) {
            List<List<Unit>> items = new ArrayList<>();
            List<Unit> whole = new ArrayList<>();
            int end = at;
            while (end < blocks.size() && blocks.get(end) instanceof Block.Item item && packer.fitsAlone(whole, path)) {
                items.add(units.ofProse(item.start(), item.end(), room));
                whole.addAll(items.getLast());
                end++;
            }
            boolean complete = end == blocks.size() || !(blocks.get(end) instanceof Block.Item);
            if (complete && packer.fitsAlone(whole, path)) {
                add(whole, true);
            } else {
                items.forEach(item -> add(item, false));
            }
            return end - at;
        }

        private void add(List<Unit> next, boolean whole) {
            if (!next.isEmpty()) {
                packer.add(announced, next, path, whole);
                announced.clear();
            }
        }

        private void flush() {
            packer.add(List.of(), announced, path, true);
            announced.clear();
        }

        void end() {
            flush();
        }
    }
}
