package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.CacheableResult;
import dev.mortise.mcp.server.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The four lists: tools, prompts, resources, resource templates. */
final class ListEntries<T extends Entry> implements RpcMethod {
    /** Makes the result of one page. */
    @FunctionalInterface
    interface Result<T> {
        CacheableResult of(List<T> entries, @Nullable String nextCursor);
    }

    private final String list;
    private final Catalogue<T> catalogue;
    private final int pageSize;
    private final Hints hints;
    private final Result<T> result;

    ListEntries(String list, Catalogue<T> catalogue, int pageSize, Hints hints, Result<T> result) {
        this.list = list;
        this.catalogue = catalogue;
        this.pageSize = pageSize;
        this.hints = hints;
        this.result = result;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode cursor = params.get("cursor");
        if (cursor == null) {
            return Binding.of(call -> page(call.caller(), null));
        }
        return (cursor.isString() ? Cursor.decode(list, cursor.stringValue()) : java.util.Optional.<String>empty())
                .map(after -> Binding.of(call -> page(call.caller(), after)))
                .orElseGet(() -> Binding.refused(
                        Refusal.InvalidParams.of("cursor is not one of this list: begin again without it")));
    }

    private Outcome page(Caller caller, @Nullable String after) {
        Catalogue.Page<T> page = catalogue.page(caller, after, pageSize);
        List<T> entries = page.entries();
        String next = page.more()
                ? Cursor.encode(list, entries.get(entries.size() - 1).key())
                : null;
        return new Outcome.Complete(
                result.of(entries, next).withCaching(hints.lists().toMillis(), hints.listScope()));
    }
}
