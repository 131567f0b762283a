package dev.mortise.mcp.server;

import dev.mortise.mcp.server.TemplatePart.Expression;
import dev.mortise.mcp.server.TemplatePart.Literal;
import dev.mortise.mcp.server.TemplatePart.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the grammar of RFC 6570, section 2, without the modifiers of level 4. */
final class TemplateParser {
    private static final int LONGEST = 4096;
    private static final String NOT_IN_LITERALS = " \"<>\\^`{|}";
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})++" + "(?:\\.(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})++)*+");

    private final String template;

    private TemplateParser(String template) {
        this.template = template;
    }

    static List<TemplatePart> parse(String template) {
        if (template.length() > LONGEST) {
            throw new IllegalArgumentException("A URI template has at most " + LONGEST + " characters");
        }
        return new TemplateParser(template).parts();
    }

    private List<TemplatePart> parts() {
        List<TemplatePart> parts = new ArrayList<>();
        int position = 0;
        while (position < template.length()) {
            int open = template.indexOf('{', position);
            int literalEnd = open < 0 ? template.length() : open;
            if (literalEnd > position) {
                parts.add(literal(position, literalEnd));
            }
            position = literalEnd;
            if (open >= 0) {
                int close = template.indexOf('}', open);
                if (close < 0) {
                    throw refused("an expression that is not closed", open);
                }
                parts.add(expression(open + 1, close));
                position = close + 1;
            }
        }
        return List.copyOf(parts);
    }

    private Literal literal(int start, int end) {
        for (int i = start; i < end; i++) {
            char c = template.charAt(i);
            boolean brokenEncoding = c == '%' && PercentEncoding.end(template, i, true) == i;
            if (brokenEncoding || Character.isISOControl(c) || NOT_IN_LITERALS.indexOf(c) >= 0) {
                throw refused("a character that must be percent-encoded", i);
            }
        }
        return new Literal(PercentEncoding.encode(template.substring(start, end), true));
    }

    private Expression expression(int start, int end) {
        Operator operator = start == end ? Operator.SIMPLE : operator(start);
        int names = operator == Operator.SIMPLE ? start : start + 1;
        List<String> variables = new ArrayList<>();
        for (String name : template.substring(names, end).split(",", -1)) {
            if (name.indexOf('*') >= 0 || name.indexOf(':') >= 0) {
                throw refused("a modifier of level 4 ('*' or ':'), which is not supported", start);
            }
            if (!NAME.matcher(name).matches()) {
                throw refused("an expression without a proper name", start);
            }
            if (variables.contains(name)) {
                throw refused("a name twice in one expression", start);
            }
            variables.add(name);
        }
        return new Expression(operator, List.copyOf(variables));
    }

    private Operator operator(int position) {
        return switch (template.charAt(position)) {
            case '+' -> Operator.RESERVED;
            case '#' -> Operator.FRAGMENT;
            case '.' -> Operator.LABEL;
            case '/' -> Operator.PATH;
            case ';' -> Operator.PARAMETERS;
            case '?' -> Operator.QUERY;
            case '&' -> Operator.CONTINUATION;
            case '=', ',', '!', '@', '|' -> throw refused("an operator that is reserved for the future", position);
            default -> Operator.SIMPLE;
        };
    }

    private IllegalArgumentException refused(String what, int position) {
        return new IllegalArgumentException(
                "The URI template '" + template + "' has " + what + ", at character " + position);
    }
}
