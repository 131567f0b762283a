package dev.mortise.examples.production.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a statement before SQLite reads it, because nothing ends it from then on until it runs. Read in
 * one pass, since the statement may be made to take long.
 */
final class SqlWords {
    /**
     * Functions that the driver adds and that heed no limit: padl takes as much memory as it is told, mode the square of the
     * rows. They can neither be replaced nor taken away; views call none of them, as long as the schema is not trusted.
     */
    private static final Set<String> REFUSED = Set.of(
            "charindex",
            "difference",
            "fts3_tokenizer",
            "leftstr",
            "load_extension",
            "lower_quartile",
            "mode",
            "padc",
            "padl",
            "padr",
            "proper",
            "replicate",
            "reverse",
            "rightstr",
            "rtreecheck",
            "strfilter",
            "upper_quartile");

    // Which SQLite takes for a space.
    private static final char BYTE_ORDER_MARK = (char) 0xFEFF;
    static final int MOST_EXPANDED = 2_000;

    /** A name, in lower case, or one other character. */
    private record Word(String text, boolean name) {}

    private final List<Word> words = new ArrayList<>();

    private SqlWords() {}

    static SqlWords of(String sql) {
        SqlWords read = new SqlWords();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (sql.startsWith("--", at)) {
                at = behind(sql, '\n', at);
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else if (Character.isWhitespace(c) || c == BYTE_ORDER_MARK) {
                at++;
            } else if ("\"'`[".indexOf(c) >= 0) {
                // A name may be quoted. Where a quotation mark is doubled, this sees two, neither of which matters.
                int end = behind(sql, c == '[' ? ']' : c, at + 1);
                read.add(sql.substring(at + 1, Math.max(at + 1, end - 1)), true);
                at = end;
            } else if (isName(c)) {
                int start = at;
                while (at < sql.length() && isName(sql.charAt(at))) {
                    at++;
                }
                read.add(sql.substring(start, at), true);
            } else {
                read.add(String.valueOf(c), false);
                at++;
            }
        }
        return read;
    }

    private void add(String text, boolean name) {
        words.add(new Word(text.toLowerCase(Locale.ROOT), name));
    }

    private static int behind(String sql, char mark, int from) {
        int at = sql.indexOf(mark, from);
        return at < 0 ? sql.length() : at + 1;
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private boolean opens(int at) {
        return at < words.size()
                && !words.get(at).name()
                && words.get(at).text().equals("(");
    }

    /** The first function that is called and refused; null if there is none. */
    @Nullable
    String refusedFunction() {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).name() && REFUSED.contains(words.get(i).text()) && opens(i + 1)) {
                return words.get(i).text();
            }
        }
        return null;
    }

    /**
     * How many tables are read once every name of a WITH, and of a view, stands for what it means: SQLite puts that in for
     * each of them, so that a row of forty, each of which names the one before twice, never comes to its end.
     *
     * @param views what each view means
     */
    long expanded(Map<String, SqlWords> views) {
        Map<String, List<Word>> meanings = new HashMap<>();
        views.forEach((name, view) -> meanings.put(name.toLowerCase(Locale.ROOT), view.words));
        define(meanings);
        views.values().forEach(view -> view.define(meanings));
        return weight(words, meanings, new HashMap<>(), new HashSet<>());
    }

    /** The parts such as {@code name (columns) AS NOT MATERIALIZED (SELECT …)}. */
    private void define(Map<String, List<Word>> meanings) {
        List<Integer> open = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (opens(i)) {
                open.add(i);
                names.add(nameBefore(i));
            } else if (!word.name() && word.text().equals(")") && !open.isEmpty()) {
                int start = open.removeLast();
                String name = names.removeLast();
                if (!name.isEmpty()) {
                    List<Word> meaning = new ArrayList<>(meanings.getOrDefault(name, List.of()));
                    meaning.addAll(words.subList(start, i));
                    meanings.put(name, meaning);
                }
            }
        }
    }

    private String nameBefore(int parenthesis) {
        int at = parenthesis - 1;
        while (at >= 0 && Set.of("materialized", "not").contains(words.get(at).text())) {
            at--;
        }
        if (at < 1 || !words.get(at).text().equals("as")) {
            return "";
        }
        at--;
        if (words.get(at).text().equals(")")) {
            while (at > 0 && !opens(at)) {
                at--;
            }
            at--;
        }
        return at >= 0 && words.get(at).name() ? words.get(at).text() : "";
    }

    private static long weight(
            List<Word> words, Map<String, List<Word>> meanings, Map<String, Long> known, Set<String> within) {
        long sum = 1;
        for (Word word : words) {
            List<Word> meaning = word.name() ? meanings.get(word.text()) : null;
            // Within itself a name is what recursion has so far.
            if (meaning != null && sum <= MOST_EXPANDED && within.add(word.text())) {
                Long before = known.get(word.text());
                long weight = before == null ? weight(meaning, meanings, known, within) : before;
                known.put(word.text(), weight);
                within.remove(word.text());
                sum += weight;
            }
        }
        return sum;
    }
}
