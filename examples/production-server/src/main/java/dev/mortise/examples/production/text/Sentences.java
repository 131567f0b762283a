package dev.mortise.examples.production.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The sentences of a text in English, Chinese, or both. */
final class Sentences {
    private static final Pattern PARAGRAPH = Pattern.compile("\\n\\s*\\n|\\n(?=\\s*(?:[-*#>]|\\d+[.)])\\s)");
    private static final Pattern CHINESE_END = Pattern.compile("(?<=[。！？；][”’」』）]?)(?![”’」』）])");

    private Sentences() {}

    static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        for (String paragraph : PARAGRAPH.split(text, -1)) {
            for (String part :
                    CHINESE_END.split(paragraph.replaceAll("\\s+", " ").strip(), -1)) {
                if (isChinese(part)) {
                    add(sentences, part);
                } else {
                    english(sentences, part);
                }
            }
        }
        return sentences;
    }

    /** Whether most of it is written in Chinese characters. */
    static boolean isChinese(String text) {
        long ideographs = text.codePoints().filter(Character::isIdeographic).count();
        return ideographs * 4 > text.length();
    }

    private static void english(List<String> sentences, String text) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            add(sentences, text.substring(start, end));
        }
    }

    private static void add(List<String> sentences, String sentence) {
        String stripped = sentence.strip();
        if (!stripped.isEmpty()) {
            sentences.add(stripped);
        }
    }
}
