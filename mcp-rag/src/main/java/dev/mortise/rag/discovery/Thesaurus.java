package dev.mortise.rag.discovery;

import dev.mortise.rag.analysis.TextParts;
import dev.mortise.rag.analysis.TextParts.Part;
import dev.mortise.rag.analysis.TextParts.Run;
import dev.mortise.rag.analysis.TextParts.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What people say for one and the same thing, in English and in Chinese: the bridge between a request in one language and
 * a description in the other, and between "get rid of" and {@code delete}. Immutable.
 *
 * <p>It holds general words of offices, shops, development and operations; see {@code concepts.txt}.
 */
final class Thesaurus {
    /**
     * Something that a text is about.
     *
     * @param from the index of the first piece
     * @param to the index behind the last piece; inside a Han piece {@code from + 1}
     * @param offset where in a Han piece it begins; 0 in words
     * @param concepts by number
     */
    record Mention(String surface, int from, int to, int offset, Set<Integer> concepts) {}

    private static final int LONGEST_PHRASE = 4;

    private final List<String> names = new ArrayList<>();
    private final Map<List<String>, Set<Integer>> phrases = new HashMap<>();
    private final Map<String, Set<Integer>> han = new HashMap<>();
    private int longestHan;

    private static final class Ready {
        static final Thesaurus GENERAL = read();
    }

    /** The one that comes with the library. */
    static Thesaurus general() {
        return Ready.GENERAL;
    }

    private static Thesaurus read() {
        Thesaurus thesaurus = new Thesaurus();
        try (InputStream in = Thesaurus.class.getResourceAsStream("concepts.txt")) {
            if (in == null) {
                throw new IllegalStateException("concepts.txt is missing from the library");
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .forEach(thesaurus::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return thesaurus;
    }

    private void line(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        int number = names.size();
        String[] members = line.replace('|', ',').split(",", -1);
        names.add(members[0].strip());
        for (String member : members) {
            List<Part> pieces = TextParts.of(member);
            if (pieces.size() == 1 && pieces.get(0) instanceof Run run) {
                han.computeIfAbsent(run.surface(), key -> new TreeSet<>()).add(number);
                longestHan = Math.max(longestHan, run.surface().length());
            } else if (!pieces.isEmpty()) {
                List<String> stems = stems(pieces, 0, pieces.size());
                if (stems.size() == pieces.size() && stems.size() <= LONGEST_PHRASE) {
                    phrases.computeIfAbsent(stems, key -> new TreeSet<>()).add(number);
                }
            }
        }
    }

    private static List<String> stems(List<Part> pieces, int from, int to) {
        List<String> stems = new ArrayList<>(to - from);
        for (int i = from; i < to && pieces.get(i) instanceof Word word; i++) {
            stems.add(word.stem());
        }
        return stems;
    }

    /** A word for a concept, for people. */
    String name(int concept) {
        return names.get(concept);
    }

    /** The concepts of one English word or phrase. */
    Set<Integer> concepts(String phrase) {
        List<Part> pieces = TextParts.of(phrase);
        return phrases.getOrDefault(stems(pieces, 0, pieces.size()), Set.of());
    }

    /** What is mentioned, the longest phrase at each place; mentions do not overlap. */
    List<Mention> mentions(List<Part> pieces) {
        List<Mention> mentions = new ArrayList<>();
        for (int i = 0; i < pieces.size(); ) {
            i = switch (pieces.get(i)) {
                case Run run -> {
                    mentions(run.surface(), i, mentions);
                    yield i + 1;
                }
                case Word word -> phrase(pieces, i, mentions);
            };
        }
        return mentions;
    }

    private int phrase(List<Part> pieces, int from, List<Mention> mentions) {
        for (int length = Math.min(LONGEST_PHRASE, pieces.size() - from); length > 0; length--) {
            List<String> stems = stems(pieces, from, from + length);
            Set<Integer> found = stems.size() < length ? null : phrases.get(stems);
            boolean empty = length == 1 && pieces.get(from) instanceof Word word && EmptyWords.contains(word);
            if (found != null && !empty) {
                StringBuilder surface = new StringBuilder();
                pieces.subList(from, from + length)
                        .forEach(piece ->
                                surface.append(surface.isEmpty() ? "" : " ").append(piece.surface()));
                mentions.add(new Mention(surface.toString(), from, from + length, 0, found));
                return from + length;
            }
        }
        return from + 1;
    }

    private void mentions(String run, int piece, List<Mention> mentions) {
        for (int i = 0; i < run.length(); ) {
            int next = i + 1;
            for (int length = Math.min(longestHan, run.length() - i); length > 0; length--) {
                Set<Integer> found = han.get(run.substring(i, i + length));
                if (found != null) {
                    mentions.add(new Mention(run.substring(i, i + length), piece, piece + 1, i, found));
                    next = i + length;
                    break;
                }
            }
            i = next;
        }
    }
}
