package dev.mortise.rag.document;

import dev.mortise.rag.internal.Interrupts;
import java.util.ArrayList;
import java.util.List;

/** Collects the blocks of a text in order: none begins before the last one ends, and none is empty but headings. */
final class BlockList {
    private final String text;
    private final List<Block> blocks = new ArrayList<>();
    private int end;

    BlockList(String text) {
        this.text = text;
    }

    /** Where the next block may begin. */
    int end() {
        return end;
    }

    void add(Block block) {
        Interrupts.check();
        if (block.start() >= end && block.end() <= text.length() && block.end() > block.start()) {
            blocks.add(block);
            end = block.end();
        } else if (block instanceof Block.Heading && block.start() == block.end() && block.start() >= end) {
            blocks.add(block);
        }
    }

    /** What readers do not see: it is in no block. */
    void skipTo(int offset) {
        end = Math.max(end, Math.min(offset, text.length()));
    }

    /** Makes prose of what was left out before this offset. */
    void fillTo(int offset) {
        int from = end;
        int to = Math.min(offset, text.length());
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        add(new Block.Prose(from, to));
    }

    List<Block> finished() {
        fillTo(text.length());
        return blocks;
    }
}
