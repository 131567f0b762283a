package dev.mortise.mcp.server;

import dev.mortise.mcp.server.TemplatePart.Expression;
import dev.mortise.mcp.server.TemplatePart.Literal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt to match a URI. It first works out, from the end of the template to its start, from which positions in
 * the URI the rest can match; then it walks forward and never has to go back. That takes one pass over the URI for
 * each part of the template, where backtracking could take for ever.
 */
final class TemplateMatch {
    private static final int LONGEST = 1 << 16;

    private final String uri;
    private final List<TemplateStep> steps = new ArrayList<>();

    TemplateMatch(List<TemplatePart> parts, String uri) {
        this.uri = uri;
        for (TemplatePart part : parts) {
            switch (part) {
                case Literal literal -> steps.add(new TemplateStep.Fixed(literal.text()));
                case Expression expression -> addSteps(expression);
            }
        }
    }

    private void addSteps(Expression expression) {
        if (expression.operator().named) {
            steps.add(new TemplateStep.Pairs(expression));
            return;
        }
        String before = expression.operator().first;
        for (String name : expression.variables()) {
            if (!before.isEmpty()) {
                steps.add(new TemplateStep.Fixed(before));
            }
            steps.add(new TemplateStep.Value(name, expression.operator().reserved));
            before = expression.operator().separator;
        }
    }

    Optional<Map<String, String>> values() {
        if (uri.length() > LONGEST) {
            return Optional.empty();
        }
        BitSet[] matching = new BitSet[steps.size() + 1];
        matching[steps.size()] = new BitSet();
        matching[steps.size()].set(uri.length());
        for (int i = steps.size() - 1; i >= 0; i--) {
            matching[i] = steps.get(i).starts(uri, matching[i + 1]);
        }
        if (!matching[0].get(0)) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        int position = 0;
        for (int i = 0; i < steps.size(); i++) {
            Map<String, String> found = new LinkedHashMap<>();
            position = steps.get(i).advance(uri, position, matching[i + 1], found);
            for (Map.Entry<String, String> entry : found.entrySet()) {
                Optional<String> value = PercentEncoding.decode(entry.getValue());
                if (value.isEmpty() || !value.get().equals(values.getOrDefault(entry.getKey(), value.get()))) {
                    return Optional.empty();
                }
                values.put(entry.getKey(), value.get());
            }
        }
        return Optional.of(Collections.unmodifiableMap(values));
    }
}
