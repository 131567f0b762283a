package dev.mortise.mcp.server;

import dev.mortise.mcp.server.TemplatePart.Expression;
import dev.mortise.mcp.server.TemplatePart.Operator;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One step of matching: it starts at a position of the URI and ends where the next one can start. */
sealed interface TemplateStep {
    /** The positions from which this step can end at one of the given positions. */
    BitSet starts(String uri, BitSet ends);

    /** Takes the step from a position it can start at, notes the values it passes, and says where it ends. */
    int advance(String uri, int start, BitSet ends, Map<String, String> values);

    record Fixed(String text) implements TemplateStep {
        @Override
        public BitSet starts(String uri, BitSet ends) {
            BitSet starts = new BitSet(uri.length());
            for (int end = ends.nextSetBit(text.length()); end >= 0; end = ends.nextSetBit(end + 1)) {
                if (uri.startsWith(text, end - text.length())) {
                    starts.set(end - text.length());
                }
            }
            return starts;
        }

        @Override
        public int advance(String uri, int start, BitSet ends, Map<String, String> values) {
            return start + text.length();
        }
    }

    record Value(String name, boolean reserved) implements TemplateStep {
        @Override
        public BitSet starts(String uri, BitSet ends) {
            BitSet starts = new BitSet(uri.length());
            for (int i = uri.length() - 1; i >= 0; i--) {
                int next = PercentEncoding.end(uri, i, reserved);
                if (next > i && (ends.get(next) || starts.get(next))) {
                    starts.set(i);
                }
            }
            return starts;
        }

        @Override
        public int advance(String uri, int start, BitSet ends, Map<String, String> values) {
            int end = PercentEncoding.end(uri, start, reserved);
            while (!ends.get(end)) {
                end = PercentEncoding.end(uri, end, reserved);
            }
            values.put(name, uri.substring(start, end));
            return end;
        }
    }

    /**
     * Named parameters in any order, or nothing. A value reaches to the next reserved character, and the parameters to
     * where something else than one more of them begins.
     */
    record Pairs(Operator operator, List<String> names) implements TemplateStep {
        Pairs(Expression expression) {
            this(expression.operator(), expression.variables());
        }

        @Override
        public BitSet starts(String uri, BitSet ends) {
            BitSet starts = (BitSet) ends.clone();
            for (int i = uri.indexOf(operator.first); i >= 0; i = uri.indexOf(operator.first, i + 1)) {
                if (ends.get(read(uri, i, new HashMap<>()))) {
                    starts.set(i);
                }
            }
            return starts;
        }

        @Override
        public int advance(String uri, int start, BitSet ends, Map<String, String> values) {
            int end = read(uri, start, values);
            if (ends.get(end)) {
                return end;
            }
            values.clear();
            return start;
        }

        private int read(String uri, int start, Map<String, String> values) {
            int position = start;
            String before = operator.first;
            while (uri.startsWith(before, position)) {
                int nameStart = position + before.length();
                int nameEnd = run(uri, nameStart);
                String name = uri.substring(nameStart, nameEnd);
                if (!names.contains(name) || values.containsKey(name)) {
                    return position;
                }
                boolean assigned = uri.startsWith("=", nameEnd);
                position = assigned ? run(uri, nameEnd + 1) : nameEnd;
                values.put(name, assigned ? uri.substring(nameEnd + 1, position) : "");
                before = operator.separator;
            }
            return position;
        }

        private static int run(String uri, int start) {
            int end = start;
            while (end < uri.length() && PercentEncoding.end(uri, end, false) > end) {
                end = PercentEncoding.end(uri, end, false);
            }
            return end;
        }
    }
}
