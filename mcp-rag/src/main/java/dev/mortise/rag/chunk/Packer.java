package dev.mortise.rag.chunk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills passages with units, in their order. What belongs together goes into the passage that is being filled if it fits,
 * else into a new one if it fits there, and else is divided.
 */
final class Packer {
    private final String text;
    private final String title;
    private final Limits limits;
    private final TokenCounter counter;
    private final List<Passage> passages = new ArrayList<>();

    /** What is being filled: first what is repeated of the passage before, then what is new. */
    private final List<Placed> filling = new ArrayList<>();

    private int repeated;

    /** Of the context, of the lead and of the units. */
    private int contextTokens;

    private int leadTokens;
    private int bodyTokens;

    private @Nullable List<String> countedPath;
    private int countedTokens;

    Packer(String text, String title, Limits limits, TokenCounter counter) {
        this.text = text;
        this.title = title;
        this.limits = limits;
        this.counter = counter;
    }

    /** A unit and the headings it stands under. */
    private record Placed(Unit unit, List<String> path) {}

    /** How many tokens a unit may have in a passage of its own. */
    int roomOfUnit(List<String> path) {
        return limits.tokens() - contextTokens(path);
    }

    /**
     * Adds units that belong together.
     *
     * @param before what they are announced by, such as a heading, and are not to be separated from; may be empty
     * @param whole whether they are kept together also where that leaves a short passage behind
     */
    void add(List<Unit> before, List<Unit> units, List<String> path, boolean whole) {
        List<Unit> all = new ArrayList<>(before);
        all.addAll(units);
        if (all.isEmpty()) {
            return;
        }
        if (!fits(all) && (whole || isHalfFull()) && fitsAlone(all, path)) {
            finish(before.isEmpty());
            if (!fits(all)) {
                forgetRepeated();
            }
        } else if (!before.isEmpty()) {
            List<Unit> beginning = all.subList(0, Math.min(all.size(), before.size() + 1));
            if (!fits(beginning) && fitsAlone(beginning, path)) {
                finish(false);
            }
        }
        all.forEach(unit -> add(unit, path));
    }

    private void add(Unit unit, List<String> path) {
        if (!fits(List.of(unit))) {
            finish(true);
            while (repeated > 0 && !fits(List.of(unit))) {
                dropFirst();
            }
        }
        if (filling.isEmpty()) {
            contextTokens = contextTokens(path);
            leadTokens = counter.count(unit.lead());
            bodyTokens = 0;
        }
        filling.add(new Placed(unit, path));
        bodyTokens += unit.tokens();
    }

    /** A section ends: what comes next begins a passage, if this one is not very short. */
    void endSection() {
        if (!hasNew()) {
            forgetRepeated();
        } else if (bodyTokens >= limits.least()) {
            finish(false);
        }
    }

    /** How many passages are finished. */
    int count() {
        return passages.size();
    }

    List<Passage> finished() {
        finish(false);
        return passages;
    }

    private boolean hasNew() {
        return filling.size() > repeated;
    }

    private boolean isHalfFull() {
        return hasNew() && bodyTokens * 2 >= limits.tokens() - contextTokens;
    }

    private boolean fits(List<Unit> units) {
        return filling.isEmpty() || contextTokens + leadTokens + bodyTokens + sum(units) <= limits.tokens();
    }

    /** Whether one passage can hold these. */
    boolean fitsAlone(List<Unit> units, List<String> path) {
        if (units.isEmpty()) {
            return true;
        }
        return contextTokens(path) + counter.count(units.getFirst().lead()) + sum(units) <= limits.tokens();
    }

    /** All blocks of a section ask for the same. */
    private int contextTokens(List<String> path) {
        if (!path.equals(countedPath)) {
            countedPath = path;
            countedTokens = counter.count(Context.of(title, path, limits.context(), counter));
        }
        return countedTokens;
    }

    private static long sum(List<Unit> units) {
        return units.stream().mapToLong(Unit::tokens).sum();
    }

    /** @param goingOn whether the next passage goes on with the same section, and repeats the end of this one */
    private void finish(boolean goingOn) {
        if (!hasNew()) {
            if (!goingOn) {
                forgetRepeated();
            }
            return;
        }
        int start = skipSpace(
                filling.getFirst().unit().start(), filling.getLast().unit().end());
        int end = trimSpace(start, filling.getLast().unit().end());
        if (start < end) {
            List<String> path = Outline.kept(
                    filling.stream().map(Placed::path).reduce(Outline::common).orElseThrow());
            // Of several short sections in one passage only what they share says what it is about.
            String context = Context.of(title, path, contextTokens, counter);
            passages.add(new Passage(
                    passages.size(),
                    start,
                    end,
                    path,
                    context,
                    filling.getFirst().unit().lead(),
                    text.substring(start, end),
                    contextTokens + leadTokens + bodyTokens));
        }
        List<Placed> repeat = goingOn ? overlap() : List.of();
        filling.clear();
        filling.addAll(repeat);
        repeated = repeat.size();
        bodyTokens = (int) sum(repeat.stream().map(Placed::unit).toList());
        leadTokens = 0;
        contextTokens = repeat.isEmpty() ? 0 : contextTokens(repeat.getFirst().path());
    }

    /** The last units, of the last section, as many as may be repeated; not all, so that the next begins further on. */
    private List<Placed> overlap() {
        Placed last = filling.getLast();
        int from = filling.size();
        int sum = 0;
        while (limits.overlap() > 0 && from > repeated + 1) {
            Placed each = filling.get(from - 1);
            sum += each.unit().tokens();
            if (sum > limits.overlap()
                    || !each.unit().repeatable()
                    || !each.path().equals(last.path())) {
                break;
            }
            from--;
        }
        return List.copyOf(filling.subList(from, filling.size()));
    }

    private void forgetRepeated() {
        while (repeated > 0) {
            dropFirst();
        }
    }

    private void dropFirst() {
        bodyTokens -= filling.removeFirst().unit().tokens();
        repeated--;
    }

    private int skipSpace(int from, int to) {
        int at = from;
        while (at < to && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int trimSpace(int from, int to) {
        int at = to;
        while (at > from && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** Also what does not break a line, which counts for no token either. */
    private static boolean isSpace(char unit) {
        return Character.isWhitespace(unit) || Character.isSpaceChar(unit);
    }
}
