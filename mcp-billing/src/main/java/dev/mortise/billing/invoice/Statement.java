package dev.mortise.billing.invoice;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.PlanRef;
import java.math.BigDecimal;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;
import tools.jackson.databind.JsonNode;

/**
 * An invoice that a person can read: as a page of HTML without scripts or anything from elsewhere, or as CSV (RFC 4180).
 * In English, or in Chinese for the language {@code zh}; numbers and times are written the same in both. Immutable.
 *
 * @param issuer who sells, as it shall stand on the page
 * @param customer the tenant's name
 * @param zone in which times are written
 */
public record Statement(
        Invoice invoice, List<CreditNote> notes, String issuer, String customer, ZoneId zone, Locale language) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    public Statement {
        notes = List.copyOf(notes);
    }

    /** One line, in texts. */
    private record Row(
            String item, String time, String quantity, String included, String over, String price, String amount) {
        List<String> cells() {
            return List.of(item, time, quantity, included, over, price, amount);
        }
    }

    private static final List<String> COLUMNS =
            List.of("item", "time", "quantity", "included", "over", "price", "amount");

    /** A whole page. */
    public String html() {
        ResourceBundle words = words();
        StringBuilder page = new StringBuilder();
        String title = words.getString(invoice.isFinal() ? "invoice" : "draft");
        page.append("<!DOCTYPE html>\n<html lang=\"")
                .append(words.getString("lang"))
                .append("\">\n<head>\n");
        page.append("<meta charset=\"utf-8\">\n<title>")
                .append(escaped(
                        title + invoice.number().map(number -> " " + number).orElse("")))
                .append("</title>\n");
        page.append("<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}")
                .append("th,td{padding:.3em .8em;border-bottom:1px solid #ccc;text-align:left}")
                .append(".n{text-align:right;font-variant-numeric:tabular-nums}</style>\n</head>\n<body>\n");
        page.append("<h1>").append(escaped(title)).append("</h1>\n<dl>\n");
        head(words)
                .forEach(entry -> page.append("<dt>")
                        .append(escaped(entry.get(0)))
                        .append("</dt><dd>")
                        .append(escaped(entry.get(1)))
                        .append("</dd>\n"));
        page.append("</dl>\n<table>\n<thead><tr>");
        COLUMNS.forEach(column -> cell(page, "th", column, words.getString(column)));
        page.append("</tr></thead>\n<tbody>\n");
        for (Row row : rows(words)) {
            page.append("<tr>");
            for (int i = 0; i < COLUMNS.size(); i++) {
                cell(page, "td", COLUMNS.get(i), row.cells().get(i));
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n<tfoot>\n");
        for (List<String> sum : sums(words)) {
            page.append("<tr><th colspan=\"6\">")
                    .append(escaped(sum.get(0)))
                    .append("</th><td class=\"n\">")
                    .append(escaped(sum.get(1)))
                    .append("</td></tr>\n");
        }
        page.append("</tfoot>\n</table>\n");
        notes(page, words);
        page.append("<p>").append(escaped(format(words, "zone", zone.getId()))).append("</p>\n</body>\n</html>\n");
        return page.toString();
    }

    private void notes(StringBuilder page, ResourceBundle words) {
        if (!notes.isEmpty()) {
            page.append("<h2>").append(escaped(words.getString("notes"))).append("</h2>\n<ul>\n");
            for (CreditNote note : notes) {
                page.append("<li>")
                        .append(escaped(note.number() + ", " + time(note.issuedAt()) + ": "
                                + note.amount().negated() + (note.reason().isEmpty() ? "" : ", " + note.reason())))
                        .append("</li>\n");
            }
            page.append("</ul>\n");
        }
    }

    private static void cell(StringBuilder page, String tag, String column, String text) {
        boolean number = !column.equals("item") && !column.equals("time");
        page.append('<')
                .append(tag)
                .append(number ? " class=\"n\">" : ">")
                .append(escaped(text))
                .append("</")
                .append(tag)
                .append('>');
    }

    /**
     * A table: one record for each line, and one for each sum, with CRLF after each. A text that a spreadsheet would take
     * for a formula has an apostrophe before it.
     */
    public String csv() {
        ResourceBundle words = words();
        List<List<String>> records = new ArrayList<>();
        records.add(COLUMNS.stream().map(words::getString).toList());
        rows(words).forEach(row -> records.add(row.cells()));
        sums(words).forEach(sum -> records.add(List.of(sum.get(0), "", "", "", "", "", sum.get(1))));
        notes.forEach(note -> records.add(List.of(
                words.getString("notes") + " " + note.number(),
                time(note.issuedAt()),
                "",
                "",
                "",
                note.reason(),
                note.amount().negated().toString())));
        StringBuilder text = new StringBuilder();
        for (List<String> record : records) {
            for (int i = 0; i < record.size(); i++) {
                text.append(i == 0 ? "" : ",").append(field(record.get(i)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    private static String field(String text) {
        boolean number = text.matches("-?[0-9.]+( [A-Z]{3})?");
        boolean formula = !number && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String plain = formula ? "'" + text : text;
        return plain.matches("(?s).*[\",\r\n].*") ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
    }

    private List<List<String>> head(ResourceBundle words) {
        List<List<String>> head = new ArrayList<>();
        invoice.number().ifPresent(number -> head.add(List.of(words.getString("number"), number)));
        invoice.issuedAt().ifPresent(at -> head.add(List.of(words.getString("issued"), time(at))));
        head.add(List.of(words.getString("from"), issuer));
        head.add(List.of(words.getString("to"), customer));
        return head;
    }

    private List<Row> rows(ResourceBundle words) {
        return invoice.lines().stream().map(line -> row(line, words)).toList();
    }

    private Row row(InvoiceLine line, ResourceBundle words) {
        Optional<InvoiceLine.Usage> usage = line.usage();
        String plan = line.plan().map(ref -> name(ref.id(), ref.version())).orElse("");
        String item = switch (line.kind()) {
            case FEE -> format(words, "fee", plan);
            case USAGE -> format(words, "usage", usage.orElseThrow().meter(), plan);
            case INVOICED -> format(words, "invoiced", itemName(line.item(), words));
        };
        return new Row(
                item,
                time(line.service()),
                usage.map(InvoiceLine.Usage::quantity)
                        .map(BigDecimal::toPlainString)
                        .orElse(""),
                usage.flatMap(InvoiceLine.Usage::included)
                        .map(BigDecimal::toPlainString)
                        .orElse(""),
                usage.map(InvoiceLine.Usage::over)
                        .map(BigDecimal::toPlainString)
                        .orElse(""),
                usage.map(InvoiceLine.Usage::price).orElse(""),
                line.amount().toString());
    }

    private String itemName(String item, ResourceBundle words) {
        if (item.equals(Rating.FEE)) {
            return words.getString("item.fee");
        }
        String[] parts = item.split(":", 3);
        PlanRef plan = PlanRef.parse(parts[2]);
        return format(words, "usage", parts[1], name(plan.id(), plan.version()));
    }

    /** As the snapshot of the invoice has it: a plan that was renamed keeps its name here. */
    private String name(String id, int version) {
        return invoice.plans().stream()
                .filter(plan -> plan.path("id").asString("").equals(id)
                        && plan.path("version").asInt(0) == version)
                .map(plan -> plan.path("name"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .findFirst()
                .orElse(id);
    }

    private List<List<String>> sums(ResourceBundle words) {
        List<List<String>> sums = new ArrayList<>();
        sums.add(List.of(words.getString("total"), invoice.total().toString()));
        if (invoice.balanceApplied().isPositive()) {
            sums.add(List.of(
                    words.getString("balance"),
                    invoice.balanceApplied().negated().toString()));
        }
        Money credits = invoice.credits().values().stream().reduce(Money.zero(invoice.currency()), Money::plus);
        if (credits.isPositive()) {
            sums.add(List.of(words.getString("credits"), credits.negated().toString()));
        }
        if (invoice.total().isNegative()) {
            sums.add(List.of(words.getString("kept"), invoice.total().negated().toString()));
        }
        sums.add(List.of(words.getString("due"), invoice.due().toString()));
        return sums;
    }

    private String time(Instant instant) {
        return TIME.format(instant.atZone(zone));
    }

    private String time(Period period) {
        return time(period.start()) + " – " + time(period.end());
    }

    private ResourceBundle words() {
        String file = language.getLanguage().equals("zh") ? "statement_zh" : "statement";
        return Words.of(file);
    }

    private static String format(ResourceBundle words, String key, Object... values) {
        return new MessageFormat(words.getString(key), Locale.ROOT).format(values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** @throws MissingResourceException if a word is missing, which a test finds */
    static List<String> keys(String file) {
        return Words.of(file).keySet().stream().sorted().toList();
    }
}
