package dev.mortise.rag.search;

import dev.mortise.rag.analysis.StopWords;
import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts out of passages what shows best why they were found. For one query. */
final class Snippets {
    private static final int LENGTH = 300;

    /** How far back a snippet may begin, to begin with a sentence. */
    private static final int LEAD = 80;

    private final Set<String> terms = new HashSet<>();

    Snippets(String query) {
        for (Token token : TextAnalyzer.quickTokens(query)) {
            String word = query.substring(token.start(), token.end()).toLowerCase(Locale.ROOT);
            if (!StopWords.contains(word)) {
                terms.add(token.term());
            }
        }
    }

    Snippet of(String text) {
        List<Token> found = TextAnalyzer.quickTokens(text).stream()
                .filter(token -> terms.contains(token.term()))
                .toList();
        int start = text.length() <= LENGTH ? 0 : start(text, found);
        int end = end(text, start);
        return new Snippet(text.substring(start, end), start, highlights(found, start, end));
    }

    /** Where the most different words are near each other; of those, the first. */
    private static int start(String text, List<Token> found) {
        int best = 0;
        int most = 0;
        for (int i = 0; i < found.size(); i++) {
            int from = found.get(i).start();
            Set<String> near = new HashSet<>();
            for (int j = i; j < found.size() && found.get(j).end() <= from + LENGTH - LEAD; j++) {
                near.add(found.get(j).term());
            }
            if (near.size() > most) {
                most = near.size();
                best = from;
            }
        }
        return boundaryBefore(text, best);
    }

    private static int boundaryBefore(String text, int place) {
        int word = place;
        for (int at = place; at > Math.max(0, place - LEAD); at--) {
            char before = text.charAt(at - 1);
            if (before == '\n' || "。！？；".indexOf(before) >= 0) {
                return at;
            }
            if (before == ' ' && at > 1 && ".!?".indexOf(text.charAt(at - 2)) >= 0) {
                return at;
            }
            if (Character.isWhitespace(before)) {
                word = at;
            }
        }
        return place <= LEAD ? 0 : word;
    }

    private static int end(String text, int start) {
        int end = Math.min(text.length(), start + LENGTH);
        if (end < text.length()) {
            for (int at = end; at > end - LEAD; at--) {
                if (Character.isWhitespace(text.charAt(at))) {
                    return at;
                }
            }
            if (Character.isLowSurrogate(text.charAt(end))) {
                return end - 1;
            }
        }
        return end;
    }

    /** Places that touch or overlap are one. */
    private static List<Snippet.Span> highlights(List<Token> found, int start, int end) {
        List<Snippet.Span> spans = new ArrayList<>();
        for (Token token : found) {
            if (token.start() < start || token.end() > end) {
                continue;
            }
            Snippet.Span span = new Snippet.Span(token.start() - start, token.end() - start);
            Snippet.Span last = spans.isEmpty() ? null : spans.getLast();
            if (last != null && span.start() <= last.end()) {
                spans.set(spans.size() - 1, new Snippet.Span(last.start(), Math.max(last.end(), span.end())));
            } else {
                spans.add(span);
            }
        }
        return spans;
    }
}
