package dev.mortise.rag.store.postgres;

import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.EmbeddedChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The terms of a document, and how often each stands in the whole and in each chunk. Made before anything is locked. */
final class DocumentTerms {
    /** How often the title counts, against a heading or the text. */
    private static final int TITLE_WEIGHT = 2;

    static final int TIMES_SHIFT = 20;
    static final int ORDINAL_SHIFT = 32;
    private static final int MOST_TIMES = (1 << (ORDINAL_SHIFT - TIMES_SHIFT)) - 1;
    private static final int MOST_LENGTH = (1 << TIMES_SHIFT) - 1;

    /** One term of the document. */
    static final class Posting {
        int wholeTimes;
        int chunks;

        /** {@code ordinal << 32 | times << 20 | length}, for each chunk that has it. Numbers: as text they take twice as much. */
        private long[] hits = new long[1];

        void add(long hit) {
            if (chunks == hits.length) {
                hits = Arrays.copyOf(hits, chunks + chunks / 2 + 1);
            }
            hits[chunks++] = hit;
        }

        /** As PostgreSQL reads an array. */
        String hits() {
            StringBuilder text = new StringBuilder(chunks * 12).append('{');
            for (int i = 0; i < chunks; i++) {
                text.append(i == 0 ? "" : ",").append(hits[i]);
            }
            return text.append('}').toString();
        }
    }

    final Map<String, Posting> postings = new TreeMap<>();

    /** Without tokens that say again what another says. */
    long wholeLength;

    /** Of the whole, and of all chunks together; for averages. */
    long wholeTokens;

    long chunkTokens;

    private DocumentTerms() {}

    static DocumentTerms of(DocumentChunks document) {
        DocumentTerms terms = new DocumentTerms();
        if (document.chunks().isEmpty()) {
            // Nothing of it can be found.
            return terms;
        }
        List<Token> title = TextAnalyzer.tokens(document.document().title());
        for (int i = 0; i < TITLE_WEIGHT; i++) {
            terms.addToWhole(title);
        }
        Map<String, List<Token>> headings = new HashMap<>();
        for (EmbeddedChunk embedded : document.chunks()) {
            Chunk chunk = embedded.chunk();
            List<Token> tokens = new ArrayList<>();
            for (int i = 0; i < TITLE_WEIGHT; i++) {
                tokens.addAll(title);
            }
            for (String heading : chunk.headings()) {
                List<Token> known = headings.get(heading);
                if (known == null) {
                    known = TextAnalyzer.tokens(heading);
                    headings.put(heading, known);
                    terms.addToWhole(known);
                }
                tokens.addAll(known);
            }
            List<Token> body = TextAnalyzer.tokens(chunk.text());
            terms.addToWhole(body);
            tokens.addAll(body);
            terms.addChunk(chunk.ordinal(), tokens);
        }
        return terms;
    }

    private void addToWhole(List<Token> tokens) {
        for (Token token : tokens) {
            postings.computeIfAbsent(token.term(), term -> new Posting()).wholeTimes++;
        }
        wholeLength += length(tokens);
        wholeTokens += tokens.size();
    }

    private void addChunk(int ordinal, List<Token> tokens) {
        int length = Math.max(1, length(tokens));
        chunkTokens += tokens.size();
        Map<String, Integer> times = new HashMap<>();
        tokens.forEach(token -> times.merge(token.term(), 1, Integer::sum));
        times.forEach((term, count) -> {
            Posting posting = postings.computeIfAbsent(term, key -> new Posting());
            long hit = ((long) ordinal << ORDINAL_SHIFT)
                    | ((long) Math.min(count, MOST_TIMES) << TIMES_SHIFT)
                    | Math.min(length, MOST_LENGTH);
            posting.add(hit);
        });
    }

    /** Tokens that say again what another says count as no length. */
    private static int length(List<Token> tokens) {
        int length = 0;
        for (Token token : tokens) {
            length += switch (token.form()) {
                case STEM, BIGRAM -> 1;
                case WHOLE, HAN_WORD -> 0;
            };
        }
        return length;
    }
}
