package dev.mortise.rag.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tartarus.snowball.ext.EnglishStemmer;

/** Takes names, descriptions and requests apart: English words and identifiers by their stems, Chinese as it stands. */
final class Words {
    /** A piece of a text, in the order of the text. */
    sealed interface Piece {
        String surface();
    }

    /** @param stem of the lower-cased word: what equal words have in common */
    record Word(String surface, String stem) implements Piece {}

    /** Han characters without a break. */
    record Han(String surface) implements Piece {
        /** Neighbours two by two; a character that stands alone is itself. */
        List<String> pairs() {
            if (surface.length() == 1) {
                return List.of(surface);
            }
            List<String> pairs = new ArrayList<>(surface.length() - 1);
            for (int i = 0; i + 2 <= surface.length(); i++) {
                pairs.add(surface.substring(i, i + 2));
            }
            return pairs;
        }
    }

    // camelCase, HTTPServer and snake_case come apart; digits stay with the letters before them, as in s3 and k8s.
    private static final Pattern PIECE = Pattern.compile(
            "(?<han>[\\p{IsHan}&&[^\\x{3007}]]+)|(?<word>\\p{Lu}+(?!\\p{Ll})[\\p{Ll}\\d]*|\\p{Lu}?\\p{Ll}+"
                    + "(?:\\d+\\p{Ll}*)*|\\p{L}+|\\d+)");

    /** Words that say nothing about what is wanted. */
    private static final Set<String> EMPTY = Set.of(
            ("a an the this that these those it its i me my mine we us our you your he she him her they them their of to"
                            + " in on at by for from with without as and or but if so than then there here is are was were"
                            + " be been being am do does did has have had can could may might must shall should will would"
                            + " please not no nor into onto about over under up out off just only also too very any some"
                            + " such other another both each what who whom whose how why when let s t re ve ll d m etc via"
                            + " per one two yet still already now want need like got give tell before after during while"
                            + " within between among against again once since until till because though although"
                            + " however therefore where which thing things something anything everything really"
                            + " most more less much many few lets make sure using use used")
                    .split(" "));

    private Words() {}

    static List<Piece> of(String text) {
        List<Piece> pieces = new ArrayList<>();
        EnglishStemmer stemmer = new EnglishStemmer();
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            if (matcher.group("han") != null) {
                pieces.add(new Han(matcher.group()));
            } else {
                String lower = matcher.group().toLowerCase(Locale.ROOT);
                stemmer.setCurrent(lower);
                stemmer.stem();
                pieces.add(new Word(lower, stemmer.getCurrent()));
            }
        }
        return pieces;
    }

    /** Whether a word says nothing by itself; it still counts inside a phrase. */
    static boolean isEmpty(Word word) {
        return EMPTY.contains(word.surface()) || word.surface().chars().allMatch(Character::isDigit);
    }
}
