package dev.mortise.examples.production.knowledge;

import dev.mortise.mcp.json.Json;
import dev.mortise.rag.ingest.IngestReport;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How far the taking in of a folder is.
 *
 * @param latest the document that was done last
 * @param failures what was not taken in, with the reason; the first hundred
 * @param trouble why it broke off; empty unless it did
 */
public record IngestState(
        int done,
        int total,
        String latest,
        boolean finished,
        int stored,
        int unchanged,
        int removed,
        int failed,
        List<String> failures,
        String trouble) {
    private static final int SHOWN = 100;

    static IngestState under(int done, int total, String latest) {
        return new IngestState(done, total, latest, false, 0, 0, 0, 0, List.of(), "");
    }

    static IngestState ended(int total, IngestReport report) {
        return new IngestState(
                total,
                total,
                "",
                true,
                report.stored(),
                report.unchanged(),
                report.removed(),
                report.failed(),
                report.failures().stream()
                        .limit(SHOWN)
                        .map(failure -> failure.key().document() + ": " + failure.message())
                        .toList(),
                "");
    }

    static IngestState broken(String trouble) {
        return new IngestState(0, 0, "", true, 0, 0, 0, 0, List.of(), trouble);
    }

    byte[] json() {
        return Json.write(Json.tree(this));
    }

    static IngestState of(JsonNode json) {
        return new IngestState(
                json.path("done").asInt(0),
                json.path("total").asInt(0),
                json.path("latest").asString(""),
                json.path("finished").asBoolean(false),
                json.path("stored").asInt(0),
                json.path("unchanged").asInt(0),
                json.path("removed").asInt(0),
                json.path("failed").asInt(0),
                json.path("failures")
                        .valueStream()
                        .map(node -> node.asString(""))
                        .toList(),
                json.path("trouble").asString(""));
    }
}
