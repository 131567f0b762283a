package dev.mortise.rag.discovery;

import dev.mortise.rag.analysis.TextParts;
import dev.mortise.rag.analysis.TextParts.Part;
import dev.mortise.rag.analysis.TextParts.Run;
import dev.mortise.rag.analysis.TextParts.Word;
import dev.mortise.rag.discovery.Described.Field;
import dev.mortise.rag.discovery.Thesaurus.Mention;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.util.automaton.CharacterRunAutomaton;
import org.apache.lucene.util.automaton.LevenshteinAutomata;
import org.apache.lucene.util.automaton.Operations;
import org.jspecify.annotations.Nullable;

/**
 * The entries that one caller may see, ranked for requests by BM25 over their weighted fields, with words of the same
 * meaning counted where the words themselves are missing. Immutable, so that any number of threads may ask.
 */
final class SmallIndex {
    private static final double SATURATION = 1.2;
    private static final double LENGTH = 0.35;

    /** The same meaning in other words is a little less sure than the same word. */
    private static final double MEANING = 0.85;

    private static final double MISSPELT = 0.7;
    private static final double ALONE = 0.5;
    private static final int SHORTEST_MISSPELT = 5;

    /** @param impact between 0 and 1: how much of what can be said for an entry this word says, before rarity */
    private record Posting(int entry, double impact, Field best, String surface) {}

    /**
     * How much a unit of a request says for an entry, and why.
     *
     * @param look of what was asked, where that is how it was found
     */
    record Reason(
            String asked,
            String found,
            Field field,
            How how,
            @Nullable Look look,
            double score) {
        Reason plus(Reason other) {
            return new Reason(asked, found, field, how, look, score + other.score);
        }
    }

    /** How a word of the request and one of the entry belong together. */
    enum How {
        SAME_WORD,
        SAME_MEANING,
        MISSPELT,
        LOOK
    }

    /** @param reasons the strongest first */
    record Hit(int entry, double score, List<Reason> reasons) {}

    private final int size;
    private final Map<String, List<Posting>> words = new HashMap<>();
    private final Map<Integer, List<Posting>> concepts = new HashMap<>();

    SmallIndex(List<Described> entries, Thesaurus thesaurus) {
        this.size = entries.size();
        List<Analysed> analysed =
                entries.stream().map(entry -> Analysed.of(entry, thesaurus)).toList();
        Map<Field, Double> average = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            average.put(
                    field,
                    analysed.stream()
                            .filter(entry -> entry.lengths().containsKey(field))
                            .mapToInt(entry -> entry.lengths().getOrDefault(field, 0))
                            .average()
                            .orElse(1));
        }
        for (int i = 0; i < analysed.size(); i++) {
            Analysed entry = analysed.get(i);
            post(i, entry, entry.words(), average, words);
            post(i, entry, entry.concepts(), average, concepts);
        }
    }

    private static <K> void post(
            int number,
            Analysed entry,
            Map<K, Occurrences> occurrences,
            Map<Field, Double> average,
            Map<K, List<Posting>> postings) {
        occurrences.forEach((key, where) -> {
            double weighted = 0;
            Field best = Field.VALUE;
            double most = 0;
            for (Map.Entry<Field, Integer> field : where.counts().entrySet()) {
                double relative = entry.length(field.getKey()) / average.getOrDefault(field.getKey(), 1.0);
                double share = field.getKey().weight() * field.getValue() / (1 - LENGTH + LENGTH * relative);
                weighted += share;
                if (share > most) {
                    most = share;
                    best = field.getKey();
                }
            }
            postings.computeIfAbsent(key, none -> new ArrayList<>())
                    .add(new Posting(
                            number,
                            weighted / (SATURATION + weighted),
                            best,
                            where.surfaces().getOrDefault(best, "")));
        });
    }

    /** The entries that something speaks for, the best first; equals in the order in which they were given. */
    List<Hit> search(Request request) {
        Map<Integer, List<Reason>> reasons = new HashMap<>();
        for (Request.Unit unit : request.units()) {
            score(unit)
                    .forEach((entry, reason) -> reasons.computeIfAbsent(entry, none -> new ArrayList<>())
                            .add(reason));
        }
        return reasons.entrySet().stream()
                .map(entry -> hit(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(Hit::score).reversed().thenComparingInt(Hit::entry))
                .collect(Collectors.toList());
    }

    private static Hit hit(int entry, List<Reason> reasons) {
        reasons.sort(Comparator.comparingDouble(Reason::score).reversed());
        double sum = reasons.stream().mapToDouble(Reason::score).sum();
        // What fits in two ways is better than what fits in one, however well.
        return new Hit(entry, sum * (1 - ALONE / reasons.size()), List.copyOf(reasons));
    }

    /** Of all that a unit may mean, what says most for each entry. */
    private Map<Integer, Reason> score(Request.Unit unit) {
        Map<Integer, Reason> best = new HashMap<>();
        boolean known = false;
        for (String term : unit.terms()) {
            List<Posting> postings = words.get(term);
            if (postings != null) {
                known = true;
                double rarity = rarity(postings.size())
                        * unit.weight()
                        / Math.sqrt(unit.terms().size());
                for (Posting posting : postings) {
                    best.merge(posting.entry(), reason(unit, posting, How.SAME_WORD, rarity), Reason::plus);
                }
            }
        }
        for (int concept : unit.concepts()) {
            List<Posting> postings = concepts.getOrDefault(concept, List.of());
            known |= !postings.isEmpty();
            double rarity = rarity(postings.size()) * unit.weight() * MEANING;
            How how = unit.look() == null ? How.SAME_MEANING : How.LOOK;
            for (Posting posting : postings) {
                keep(best, posting.entry(), reason(unit, posting, how, rarity));
            }
        }
        if (!known && unit.terms().size() == 1) {
            misspelt(unit, best);
        }
        return best;
    }

    private void misspelt(Request.Unit unit, Map<Integer, Reason> best) {
        String term = unit.terms().get(0);
        if (term.length() < SHORTEST_MISSPELT || term.length() > 40) {
            return;
        }
        CharacterRunAutomaton close = new CharacterRunAutomaton(Operations.determinize(
                new LevenshteinAutomata(term, true).toAutomaton(1), Operations.DEFAULT_DETERMINIZE_WORK_LIMIT));
        words.forEach((word, postings) -> {
            if (word.charAt(0) == term.charAt(0) && close.run(word)) {
                double rarity = rarity(postings.size()) * unit.weight() * MISSPELT;
                postings.forEach(posting -> keep(best, posting.entry(), reason(unit, posting, How.MISSPELT, rarity)));
            }
        });
    }

    private static void keep(Map<Integer, Reason> best, int entry, Reason reason) {
        best.merge(entry, reason, (a, b) -> a.score() >= b.score() ? a : b);
    }

    private static Reason reason(Request.Unit unit, Posting posting, How how, double rarity) {
        return new Reason(
                unit.surface(), posting.surface(), posting.best(), how, unit.look(), rarity * posting.impact());
    }

    private double rarity(int entries) {
        return Math.log(1 + (size - entries + 0.5) / (entries + 0.5));
    }

    /** How often something is said in an entry, by field, and in which words. */
    private record Occurrences(Map<Field, Integer> counts, Map<Field, String> surfaces) {
        Occurrences() {
            this(new EnumMap<>(Field.class), new EnumMap<>(Field.class));
        }

        void add(Field field, String surface) {
            counts.merge(field, 1, Integer::sum);
            surfaces.putIfAbsent(field, surface);
        }
    }

    private record Analysed(
            Map<String, Occurrences> words, Map<Integer, Occurrences> concepts, Map<Field, Integer> lengths) {
        static Analysed of(Described entry, Thesaurus thesaurus) {
            Analysed analysed = new Analysed(new HashMap<>(), new HashMap<>(), new EnumMap<>(Field.class));
            entry.texts().forEach((field, text) -> analysed.add(field, text, thesaurus));
            return analysed;
        }

        double length(Field field) {
            return lengths.getOrDefault(field, 1);
        }

        private void add(Field field, String text, Thesaurus thesaurus) {
            List<Part> pieces = TextParts.of(text);
            int length = 0;
            for (Part piece : pieces) {
                switch (piece) {
                    case Word word -> {
                        if (!EmptyWords.contains(word)) {
                            length++;
                            say(words, word.stem(), field, word.surface());
                        }
                    }
                    case Run run -> {
                        for (String pair : run.pairs()) {
                            length++;
                            say(words, pair, field, pair);
                        }
                    }
                }
            }
            lengths.put(field, Math.max(1, length));
            Set<Integer> once = new HashSet<>();
            for (Mention mention : thesaurus.mentions(pieces)) {
                for (int concept : mention.concepts()) {
                    if (once.add(concept)) {
                        say(concepts, concept, field, mention.surface());
                    }
                }
            }
        }

        private static <K> void say(Map<K, Occurrences> all, K key, Field field, String surface) {
            all.computeIfAbsent(key, none -> new Occurrences()).add(field, surface);
        }
    }
}
