package dev.mortise.examples.production.text;

import dev.mortise.mcp.json.Description;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;

/** How long a text is, by all the measures that limits are given in. */
record TextFacts(
        @Description("As people count them, so that an emoji is one")
        int characters,

        @Description("As UTF-8") int bytes,

        @Description("Words of languages with spaces, and each Chinese character")
        int words,

        int chineseCharacters,
        int sentences,
        int paragraphs,
        int lines,

        @Description("Minutes to read it, at 230 words or 400 Chinese characters a minute")
        double readingMinutes) {
    static TextFacts of(String text) {
        int chinese = (int) text.codePoints().filter(Character::isIdeographic).count();
        int others = words(text);
        int paragraphs = (int) Arrays.stream(text.split("\\n\\s*\\n", -1))
                .filter(part -> !part.isBlank())
                .count();
        double minutes = others / 230.0 + chinese / 400.0;
        return new TextFacts(
                characters(text),
                text.getBytes(StandardCharsets.UTF_8).length,
                others + chinese,
                chinese,
                Sentences.of(text).size(),
                paragraphs,
                (int) text.lines().count(),
                Math.round(minutes * 10) / 10.0);
    }

    private static int characters(String text) {
        BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
        breaks.setText(text);
        int count = 0;
        while (breaks.next() != BreakIterator.DONE) {
            count++;
        }
        return count;
    }

    private static int words(String text) {
        int count = 0;
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean part = (Character.isLetterOrDigit(c) && !Character.isIdeographic(c))
                    || (inside && (c == '\'' || c == '’' || c == '-'));
            if (part && !inside) {
                count++;
            }
            inside = part;
        }
        return count;
    }
}
