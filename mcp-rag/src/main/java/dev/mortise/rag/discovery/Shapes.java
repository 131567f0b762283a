package dev.mortise.rag.discovery;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the look of a thing in a request says about it: {@code ~/notes.txt} is a file, although no word says so. */
final class Shapes {
    /** @param meanings words and phrases of the thesaurus */
    record Shape(String surface, String kind, List<String> meanings) {}

    private record Rule(Pattern pattern, String kind, List<String> meanings) {}

    private static final List<Rule> RULES = List.of(
            rule("https?://\\S+|\\bwww\\.\\S+", "a web address", "url", "web page"),
            rule("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+", "a mail address", "email"),
            rule("(?<![\\w/:])(?:~|\\.{1,2})/[\\w./-]*", "a local path", "local file", "folder"),
            rule("(?<![\\w/:])/(?:etc|home|tmp|var|usr|opt|mnt|srv)/[\\w./-]*", "a local path", "local file", "folder"),
            rule(
                    "\\b[\\w-]+\\.(?:txt|md|py|java|js|ts|go|rs|c|h|cpp|rb|sh|json|ya?ml|toml|xml|csv|log|ini|cfg|html?)\\b",
                    "a file name",
                    "file"),
            rule("\\b[\\w-]+\\.(?:docx?|pptx?|odt|pdf)\\b", "a document's name", "document", "file"),
            rule("\\b[\\w-]+\\.(?:xlsx?|ods)\\b", "a spreadsheet's name", "spreadsheet", "file"),
            rule("\\b[\\w-]+\\.(?:png|jpe?g|gif|svg|webp)\\b", "an image's name", "image", "file"),
            rule("(?<!\\S)#\\p{L}[\\w-]*", "a channel", "channel"),
            rule("(?<!\\S)@\\p{L}[\\w.-]*", "a person", "person", "message"),
            rule("\\b[A-Z][A-Z0-9]+-\\d+\\b", "a ticket's key", "ticket"),
            rule("\\b(?:[01]?\\d|2[0-3]):[0-5]\\d\\b", "a time of day", "time", "calendar"),
            rule("(?i)\\bselect\\b.+\\bfrom\\b", "SQL", "sql"));

    private static final Pattern AMOUNT = Pattern.compile("\\d\\s?([A-Z]{3})\\b|\\b([A-Z]{3})\\s?\\d");
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private Shapes() {}

    private static Rule rule(String pattern, String kind, String... meanings) {
        return new Rule(Pattern.compile(pattern), kind, List.of(meanings));
    }

    static List<Shape> in(String request) {
        List<Shape> shapes = new ArrayList<>();
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(request);
            if (matcher.find()) {
                shapes.add(new Shape(matcher.group(), rule.kind(), rule.meanings()));
            }
        }
        Matcher amount = AMOUNT.matcher(request);
        while (amount.find()) {
            String code = amount.group(1) == null ? amount.group(2) : amount.group(1);
            if (CURRENCIES.contains(code)) {
                shapes.add(new Shape(amount.group(), "an amount of money", List.of("currency", "money")));
                break;
            }
        }
        return shapes;
    }
}
