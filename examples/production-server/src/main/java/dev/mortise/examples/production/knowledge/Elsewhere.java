package dev.mortise.examples.production.knowledge;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.CallToolResult;
import java.util.Set;

/** Tells a model what to do where another process of this server has the index, before anything is tried. */
final class Elsewhere implements Interceptor {
    private static final Set<String> TOOLS = Set.of(
            "search_knowledge",
            "ask_with_sources",
            "ingest_document",
            "ingest_folder",
            "list_documents",
            "get_document",
            "delete_document",
            "knowledge_stats");

    private final LeasedIndex index;

    Elsewhere(LeasedIndex index) {
        this.index = index;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        boolean asksForDocuments = call.target().kind() == Target.Kind.TOOL
                && TOOLS.contains(call.target().name());
        if (!asksForDocuments || index.isAvailable()) {
            return chain.proceed(call);
        }
        return new Outcome.Complete(
                CallToolResult.error("The documents of this data folder are open in another process,"
                        + " which serves them: this one cannot reach them. Tell the user to connect this client to that server"
                        + " instead, at its address with a key (production-server.jar keys create --subject NAME), or to stop it."
                        + " All other tools work here."));
    }
}
