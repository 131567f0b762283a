package dev.mortise.rag.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the terms of a text. Texts and queries pass through the same one, so that they meet. Stateless.
 *
 * <ul>
 *   <li>A word of a writing with spaces gives its stem and, where that differs, itself.
 *   <li>An identifier ({@code listChanged}, {@code remote_write}, {@code tools/list}) gives its parts as words, and its
 *       wholes without case and separators: {@code timeToLive} and {@code time-to-live} are alike.
 *   <li>Chinese, Japanese and Korean give the pairs of neighbouring characters; Chinese, its words besides.
 * </ul>
 */
public final class TextAnalyzer {
    private static final int LONGEST_TERM = 64;

    private TextAnalyzer() {}

    /** The tokens, in the order of their places. */
    public static List<Token> tokens(String text) {
        return tokens(text, true);
    }

    /** The tokens without the words of Chinese, which take ten times as long to find: enough to mark what was found. */
    public static List<Token> quickTokens(String text) {
        return tokens(text, false);
    }

    private static List<Token> tokens(String text, boolean words) {
        List<Token> tokens = new ArrayList<>(text.length() / 3);
        boolean[] han = {false};
        new TextRuns(text).forEach((start, end, spaceless) -> {
            if (spaceless) {
                han[0] = true;
                bigrams(text, start, end, tokens);
            } else {
                Identifiers.tokens(text, start, end, tokens);
            }
        });
        if (words && han[0]) {
            HanWords.tokens(text, tokens);
            tokens.sort(Comparator.comparingInt(Token::start));
        }
        return Collections.unmodifiableList(tokens);
    }

    /** The different terms, in the order of their first places. */
    public static Set<String> terms(String text) {
        Set<String> terms = new LinkedHashSet<>();
        tokens(text).forEach(token -> terms.add(token.term()));
        return terms;
    }

    private static void bigrams(String text, int start, int end, List<Token> tokens) {
        TextParts.forEachPair(
                text,
                start,
                end,
                (from, to) -> add(tokens, Letters.normal(text.substring(from, to)), from, to, Token.Form.BIGRAM));
    }

    static void add(List<Token> tokens, String term, int start, int end, Token.Form form) {
        if (!term.isEmpty() && term.length() <= LONGEST_TERM) {
            tokens.add(new Token(term, start, end, form));
        }
    }
}
