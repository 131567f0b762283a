package dev.mortise.rag.discovery;

import dev.mortise.rag.analysis.TextParts;
import dev.mortise.rag.analysis.TextParts.Part;
import dev.mortise.rag.analysis.TextParts.Run;
import dev.mortise.rag.analysis.TextParts.Word;
import dev.mortise.rag.discovery.Thesaurus.Mention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request for something, taken apart into units that are looked for one by one. */
record Request(List<Unit> units) {
    /**
     * @param terms of an index: all of them say the same word
     * @param concepts what else may be said for it
     * @param weight how much it counts among the units
     * @param look what the look of a thing says about it; null where it is a word
     */
    record Unit(
            String surface,
            List<String> terms,
            Set<Integer> concepts,
            double weight,
            @Nullable Look look) {}

    /** A pair of Han characters that is in no word we know may straddle two. */
    private static final double PAIR = 0.6;

    /** A phrase says more than its words one by one. */
    private static final double PHRASE = 1.2;

    /** What a thing looks like is a weaker hint than what is said of it. */
    private static final double LOOK = 0.6;

    static Request of(String text, Thesaurus thesaurus) {
        List<Part> pieces = TextParts.of(text);
        List<Unit> units = new ArrayList<>();
        Set<Integer> inPhrase = new HashSet<>();
        Set<String> seen = new HashSet<>();
        List<Mention> mentions = thesaurus.mentions(pieces);
        for (Mention mention : mentions) {
            boolean isWords = pieces.get(mention.from()) instanceof Word;
            if (isWords && mention.to() - mention.from() > 1) {
                if (seen.add(mention.surface())) {
                    units.add(new Unit(mention.surface(), List.of(), mention.concepts(), PHRASE, null));
                }
                for (int i = mention.from(); i < mention.to(); i++) {
                    inPhrase.add(i);
                }
            }
        }
        for (int i = 0; i < pieces.size(); i++) {
            switch (pieces.get(i)) {
                case Word word -> {
                    if (!EmptyWords.contains(word) && seen.add(word.stem())) {
                        Set<Integer> concepts = inPhrase.contains(i) ? Set.of() : at(mentions, i);
                        units.add(new Unit(word.surface(), List.of(word.stem()), concepts, 1, null));
                    }
                }
                case Run run -> han(run, i, mentions, seen, units);
            }
        }
        for (Shapes.Shape shape : Shapes.in(text)) {
            Set<Integer> concepts = new LinkedHashSet<>();
            shape.meanings().forEach(meaning -> concepts.addAll(thesaurus.concepts(meaning)));
            units.add(new Unit(shape.surface(), List.of(), concepts, LOOK, shape.look()));
        }
        return new Request(List.copyOf(units));
    }

    private static Set<Integer> at(List<Mention> mentions, int piece) {
        return mentions.stream()
                .filter(mention -> mention.from() == piece)
                .findFirst()
                .map(Mention::concepts)
                .orElse(Set.of());
    }

    private static void han(Run run, int piece, List<Mention> mentions, Set<String> seen, List<Unit> units) {
        boolean[] known = new boolean[run.surface().length()];
        for (Mention mention : mentions) {
            if (mention.from() == piece) {
                int length = mention.surface().length();
                Arrays.fill(known, mention.offset(), mention.offset() + length, true);
                if (seen.add(mention.surface())) {
                    units.add(new Unit(
                            mention.surface(), new Run(mention.surface()).pairs(), mention.concepts(), 1, null));
                }
            }
        }
        List<String> pairs = run.pairs();
        int at = 0;
        for (String pair : pairs) {
            int second = at + Character.charCount(pair.codePointAt(0));
            boolean inWord = known[at] && (second >= known.length || known[second]);
            if (!inWord && seen.add(pair)) {
                units.add(new Unit(pair, List.of(pair), Set.of(), PAIR, null));
            }
            at = second;
        }
    }
}
