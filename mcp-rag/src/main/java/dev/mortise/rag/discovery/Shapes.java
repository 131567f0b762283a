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
    record Shape(String surface, Look look, List<String> meanings) {}

    private record Rule(Pattern pattern, Look look, List<String> meanings) {}

    private static final List<Rule> RULES = List.of(
            rule("https?://\\S+|\\bwww\\.\\S+", Look.WEB_ADDRESS, "url", "web page"),
            rule("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+", Look.MAIL_ADDRESS, "email"),
            rule("(?<![\\w/:])(?:~|\\.{1,2})/[\\w./-]*", Look.LOCAL_PATH, "local file", "folder"),
            rule(
                    "(?<![\\w/:])/(?:etc|home|tmp|var|usr|opt|mnt|srv)/[\\w./-]*",
                    Look.LOCAL_PATH,
                    "local file",
                    "folder"),
            rule(
                    "\\b[\\w-]+\\.(?:txt|md|py|java|js|ts|go|rs|c|h|cpp|rb|sh|json|ya?ml|toml|xml|csv|log|ini|cfg|html?)\\b",
                    Look.FILE,
                    "file"),
            rule("\\b[\\w-]+\\.(?:docx?|pptx?|odt|pdf)\\b", Look.DOCUMENT, "document", "file"),
            rule("\\b[\\w-]+\\.(?:xlsx?|ods)\\b", Look.SPREADSHEET, "spreadsheet", "file"),
            rule("\\b[\\w-]+\\.(?:png|jpe?g|gif|svg|webp)\\b", Look.IMAGE, "image", "file"),
            rule("(?<!\\S)#\\p{L}[\\w-]*", Look.CHANNEL, "channel"),
            rule("(?<!\\S)@\\p{L}[\\w.-]*", Look.PERSON, "person", "message"),
            rule("\\b[A-Z][A-Z0-9]+-\\d+\\b", Look.TICKET, "ticket"),
            rule("\\b(?:[01]?\\d|2[0-3]):[0-5]\\d\\b", Look.TIME, "time", "calendar"),
            rule("(?i)\\bselect\\b.+\\bfrom\\b", Look.SQL, "sql"));

    private static final Pattern AMOUNT = Pattern.compile("\\d\\s?([A-Z]{3})\\b|\\b([A-Z]{3})\\s?\\d");
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private Shapes() {}

    private static Rule rule(String pattern, Look look, String... meanings) {
        return new Rule(Pattern.compile(pattern), look, List.of(meanings));
    }

    static List<Shape> in(String request) {
        List<Shape> shapes = new ArrayList<>();
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(request);
            if (matcher.find()) {
                shapes.add(new Shape(matcher.group(), rule.look(), rule.meanings()));
            }
        }
        Matcher amount = AMOUNT.matcher(request);
        while (amount.find()) {
            String code = amount.group(1) == null ? amount.group(2) : amount.group(1);
            if (CURRENCIES.contains(code)) {
                shapes.add(new Shape(amount.group(), Look.MONEY, List.of("currency", "money")));
                break;
            }
        }
        return shapes;
    }
}
