package dev.mortise.rag.discovery;

import dev.mortise.rag.analysis.TextParts.Word;
import java.util.Set;

/** Words that say nothing about what is wanted from a server. */
final class EmptyWords {
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

    private EmptyWords() {}

    /** Whether a word says nothing by itself; it still counts inside a phrase. */
    static boolean contains(Word word) {
        return EMPTY.contains(word.surface()) || word.surface().chars().allMatch(Character::isDigit);
    }
}
