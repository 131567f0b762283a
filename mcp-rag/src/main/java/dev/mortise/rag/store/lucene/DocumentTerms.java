package dev.mortise.rag.store.lucene;

import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.ByteArrayDataOutput;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefBuilder;
import org.apache.lucene.util.BytesRefHash;

/**
 * The terms of a document, and how often each stands in the whole and in each chunk: some bytes for a term, where its tokens
 * would take a hundred and more. The tokens are there for one chunk at a time. Made on the thread of who stores the
 * document, because taking a text apart is the longest part of indexing it; read by one thread after that.
 */
final class DocumentTerms {
    /** How often the title counts, against a heading or the text. */
    private static final int TITLE_WEIGHT = 2;

    /** Three numbers of at most five bytes. */
    private static final int LONGEST_ENTRY = 15;

    private final BytesRefBuilder name = new BytesRefBuilder();
    private final String prefix;
    private final BytesRefHash names = new BytesRefHash();
    private final Counts whole = new Counts();
    private final Counts here = new Counts();
    private final List<byte[]> chunks;
    private long chunkTokens;
    private long wholeTokens;

    private DocumentTerms(Tenant tenant, int chunks) {
        this.prefix = Fields.term(tenant, "");
        this.chunks = new ArrayList<>(chunks);
    }

    static DocumentTerms of(Tenant tenant, DocumentChunks document) {
        DocumentTerms terms = new DocumentTerms(tenant, document.chunks().size());
        int[] title = terms.tokens(document.document().title());
        for (int i = 0; i < TITLE_WEIGHT; i++) {
            terms.addToWhole(title);
        }
        Map<String, int[]> headings = new HashMap<>();
        for (EmbeddedChunk embedded : document.chunks()) {
            terms.add(embedded.chunk(), title, headings);
        }
        return terms;
    }

    private void add(Chunk chunk, int[] title, Map<String, int[]> headings) {
        for (int i = 0; i < TITLE_WEIGHT; i++) {
            here.add(title);
        }
        for (String heading : chunk.headings()) {
            int[] tokens = headings.get(heading);
            if (tokens == null) {
                tokens = tokens(heading);
                headings.put(heading, tokens);
                addToWhole(tokens);
            }
            here.add(tokens);
        }
        int[] body = tokens(chunk.text());
        here.add(body);
        addToWhole(body);
        chunkTokens += here.tokens;
        chunks.add(here.bytes());
        here.clear();
    }

    private void addToWhole(int[] tokens) {
        whole.add(tokens);
        wholeTokens += tokens.length;
    }

    /** The numbers of the terms, in order; negative, as complements, where a token says again what another says. */
    private int[] tokens(String text) {
        List<Token> tokens = TextAnalyzer.tokens(text);
        int[] numbers = new int[tokens.size()];
        int count = 0;
        for (Token token : tokens) {
            name.copyChars(prefix + token.term());
            int added = names.add(name.get());
            int number = added < 0 ? -added - 1 : added;
            numbers[count++] = switch (token.form()) {
                case STEM, BIGRAM -> number;
                case WHOLE, HAN_WORD -> ~number;
            };
        }
        return numbers;
    }

    /** Of all chunks together; for averages. */
    long chunkTokens() {
        return chunkTokens;
    }

    /** Of the whole, where a heading counts once. */
    long wholeTokens() {
        return wholeTokens;
    }

    TermStream ofChunk(int ordinal) {
        return new TermStream(this, chunks.get(ordinal));
    }

    TermStream ofWhole() {
        return new TermStream(this, whole.bytes());
    }

    /** Good until the next is asked for, or as long as the terms. */
    BytesRef name(int number, BytesRef scratch) {
        return names.get(number, scratch);
    }

    /** How often each of the terms stands in a text. */
    private static final class Counts {
        /** Terms in the order in which they came. */
        private int[] seen = new int[64];

        private int size;
        private int tokens;

        /** By the number of a term: tokens that count for the length of the text, and those that say again what they say. */
        private int[] own = new int[64];

        private int[] again = new int[64];

        void add(int[] numbers) {
            for (int number : numbers) {
                int term = number < 0 ? ~number : number;
                own = ArrayUtil.grow(own, term + 1);
                again = ArrayUtil.grow(again, term + 1);
                if (own[term] == 0 && again[term] == 0) {
                    seen = ArrayUtil.grow(seen, size + 1);
                    seen[size++] = term;
                }
                if (number < 0) {
                    again[term]++;
                } else {
                    own[term]++;
                }
            }
            tokens += numbers.length;
        }

        /** As {@link TermStream} reads them: first those with tokens of their own, because a text has to begin with one. */
        byte[] bytes() {
            byte[] bytes = new byte[64];
            ByteArrayDataOutput out = new ByteArrayDataOutput(bytes);
            for (boolean owned : new boolean[] {true, false}) {
                for (int i = 0; i < size; i++) {
                    int term = seen[i];
                    if (own[term] > 0 == owned) {
                        int position = out.getPosition();
                        if (bytes.length - position < LONGEST_ENTRY) {
                            bytes = ArrayUtil.grow(bytes, position + LONGEST_ENTRY);
                            out.reset(bytes, position, bytes.length - position);
                        }
                        write(out, term);
                    }
                }
            }
            return Arrays.copyOf(bytes, out.getPosition());
        }

        /** Most terms stand once in a chunk: one number says so, and which. */
        private void write(ByteArrayDataOutput out, int term) {
            try {
                if (own[term] == 1 && again[term] == 0) {
                    out.writeVLong((long) term << 1);
                } else {
                    out.writeVLong((long) term << 1 | 1);
                    out.writeVInt(own[term]);
                    out.writeVInt(again[term]);
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        void clear() {
            for (int i = 0; i < size; i++) {
                own[seen[i]] = 0;
                again[seen[i]] = 0;
            }
            size = 0;
            tokens = 0;
        }
    }
}
