package dev.mortise.mcp.schema;

import java.util.List;

/** The client's roots. Deprecated with roots themselves. */
public record ListRootsResult(List<Root> roots) implements InputResponse {
    public ListRootsResult {
        roots = Fields.requiredList(roots, "ListRootsResult.roots");
    }

    public static ListRootsResult of(List<Root> roots) {
        return new ListRootsResult(roots);
    }
}
