package dev.mortise.examples.production.text;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.json.Description;
import java.util.List;

/** What has changed from one text to another, by lines. */
record Comparison(
        boolean same,
        @Description("Lines that were added") int added,
        @Description("Lines that were removed") int removed,

        @Description("As a patch; empty if nothing has changed")
        String unified) {
    /** The work grows with the lines times the differences: this many lines that share nothing take about a second. */
    private static final int MOST_LINES = 4_000;

    private static final int LONGEST_PATCH = 200_000;

    static Comparison of(String before, String after, int context) throws CannotAnswer {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        if (old.size() > MOST_LINES || now.size() > MOST_LINES) {
            throw new CannotAnswer(ToolText.TOO_MANY_LINES, MOST_LINES, old.size(), now.size());
        }
        Patch<String> patch = DiffUtils.diff(old, now, new MyersDiffWithLinearSpace<>());
        int added = 0;
        int removed = 0;
        for (AbstractDelta<String> delta : patch.getDeltas()) {
            added += delta.getTarget().size();
            removed += delta.getSource().size();
        }
        String unified =
                String.join("\n", UnifiedDiffUtils.generateUnifiedDiff("before", "after", old, patch, context));
        if (unified.length() > LONGEST_PATCH) {
            throw new CannotAnswer(ToolText.TOO_DIFFERENT, added, removed);
        }
        return new Comparison(old.equals(now), added, removed, unified);
    }
}
