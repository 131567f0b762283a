package dev.mortise.mcp.app;

/**
 * How a tool and a view belong together.
 *
 * @param view what a host shows the tool's results in
 * @param forModel whether the model may call the tool; otherwise only the view may
 * @param forApp whether the view may call the tool
 */
public record ToolView(View view, boolean forModel, boolean forApp) {
    public ToolView {
        if (!forModel && !forApp) {
            throw new IllegalArgumentException("A tool that neither the model nor a view may call is of no use");
        }
    }

    /** The view shows the tool's results; both the model and the view may call it. */
    public static ToolView of(View view) {
        return new ToolView(view, true, true);
    }

    /** Only for the model. */
    public static ToolView modelOnly(View view) {
        return new ToolView(view, true, false);
    }

    /** Only for the view: a button's work. Not listed to hosts that show no views, who would give it to the model. */
    public static ToolView appOnly(View view) {
        return new ToolView(view, false, true);
    }
}
