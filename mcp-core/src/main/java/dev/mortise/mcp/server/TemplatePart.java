package dev.mortise.mcp.server;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A piece of a URI template. */
sealed interface TemplatePart {
    /** The names in this part, in order. */
    List<String> variables();

    String expand(Map<String, String> values);

    /** Fixed text, already in the form it has in a URI. */
    record Literal(String text) implements TemplatePart {
        @Override
        public List<String> variables() {
            return List.of();
        }

        @Override
        public String expand(Map<String, String> values) {
            return text;
        }
    }

    /** What stands in braces. */
    record Expression(Operator operator, List<String> variables) implements TemplatePart {
        @Override
        public String expand(Map<String, String> values) {
            StringJoiner expanded = new StringJoiner(operator.separator, operator.first, "").setEmptyValue("");
            for (String name : variables) {
                String value = values.get(name);
                if (value != null) {
                    expanded.add(pair(name, value));
                }
            }
            return expanded.toString();
        }

        private String pair(String name, String value) {
            String encoded = PercentEncoding.encode(value, operator.reserved);
            return operator.named ? name + (value.isEmpty() ? operator.ifEmpty : "=") + encoded : encoded;
        }
    }

    /** The operators, as the table in RFC 6570, appendix A, has them. */
    enum Operator {
        SIMPLE("", ",", false, "", false),
        RESERVED("", ",", false, "", true),
        FRAGMENT("#", ",", false, "", true),
        LABEL(".", ".", false, "", false),
        PATH("/", "/", false, "", false),
        PARAMETERS(";", ";", true, "", false),
        QUERY("?", "&", true, "=", false),
        CONTINUATION("&", "&", true, "=", false);

        final String first;
        final String separator;
        final boolean named;
        final String ifEmpty;
        final boolean reserved;

        Operator(String first, String separator, boolean named, String ifEmpty, boolean reserved) {
            this.first = first;
            this.separator = separator;
            this.named = named;
            this.ifEmpty = ifEmpty;
            this.reserved = reserved;
        }
    }
}
