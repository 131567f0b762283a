package dev.mortise.servlet.matrix;

import static dev.mortise.mcp.ProtocolVersion.V2024_11_05;
import static dev.mortise.mcp.ProtocolVersion.V2025_03_26;
import static dev.mortise.mcp.ProtocolVersion.V2025_06_18;
import static dev.mortise.mcp.ProtocolVersion.V2025_11_25;

import dev.mortise.mcp.ProtocolVersion;
import java.util.List;
import java.util.Set;

/**
 * All that is different in earlier revisions, and the only such list. Beside each group stands the page of the
 * specification that makes it so; where there is none, that is said.
 */
final class Differences {
    /** Instead of what the operation expects, these revisions bring this. */
    record Difference(String operation, Set<ProtocolVersion> versions, String outcome) {}

    private static final Set<ProtocolVersion> LEGACY = Set.of(V2024_11_05, V2025_03_26, V2025_06_18, V2025_11_25);
    private static final Set<ProtocolVersion> BEFORE_2025_11_25 = Set.of(V2024_11_05, V2025_03_26, V2025_06_18);
    private static final Set<ProtocolVersion> BEFORE_2025_06_18 = Set.of(V2024_11_05, V2025_03_26);

    /**
     * What a legacy client is told that cannot be asked. What was not negotiated must not be used (basic/lifecycle:
     * Operation); which error the call then gets no legacy revision says. 2026-07-28 has one of its own, -32021
     * (basic/index: Error Codes).
     */
    private static final String CANNOT_BE_ASKED = "error -32600";

    static final List<Difference> ALL = List.of(
            // basic/utilities/ping of each legacy revision; removed in 2026-07-28 (changelog, major 5).
            new Difference("method ping", LEGACY, "{}"),
            // New in 2026-07-28 (server/discover; changelog, major 3); basic/lifecycle has initialize before.
            new Difference("method server/discover", LEGACY, "error -32601"),
            // server/utilities/logging: Setting Log Level, of each legacy revision; per request since (major 5).
            new Difference("method logging/setLevel", LEGACY, "{}"),
            // server/resources: Subscriptions, of each legacy revision; subscriptions/listen since (major 4).
            new Difference("method resources/subscribe", LEGACY, "{}"),
            new Difference("method resources/unsubscribe", LEGACY, "{}"),
            // resultType: 2026-07-28 basic/index: Responses (major 8). ttlMs and cacheScope: its
            // server/utilities/caching. Neither is in an earlier schema.
            new Difference("kind of a result", LEGACY, "unsaid"),
            new Difference("caching of a list", LEGACY, "unsaid"),
            // basic/lifecycle: Version Negotiation, of each legacy revision.
            new Difference("revision the handler sees", Set.of(V2025_11_25), "2025-11-25"),
            new Difference("revision the handler sees", Set.of(V2025_06_18), "2025-06-18"),
            new Difference("revision the handler sees", Set.of(V2025_03_26), "2025-03-26"),
            new Difference("revision the handler sees", Set.of(V2024_11_05), "2024-11-05"),
            // server/tools: Output Schema, Structured Content. New in 2025-06-18 (changelog, major 2), whose schema
            // wants an object in both, as that of 2025-11-25 does; any JSON value in 2026-07-28.
            new Difference("output schema", BEFORE_2025_06_18, "none"),
            new Difference("output schema of a list", LEGACY, "none"),
            new Difference("typed result", BEFORE_2025_06_18, "ProtocolViolationException"),
            new Difference("structured result", BEFORE_2025_06_18, "null"),
            new Difference("structured list", LEGACY, "null"),
            // server/tools: Audio Content, new in 2025-03-26 (changelog, "Other schema changes").
            new Difference("audio", Set.of(V2024_11_05), "resource"),
            // server/tools: Resource Links, new in 2025-06-18 (changelog, major 7).
            new Difference("link to a resource", BEFORE_2025_06_18, "text: docs:///text"),
            // server/resources: Error Handling, of each legacy revision; -32602 in 2026-07-28 (changelog, minor 6).
            new Difference("missing resource", LEGACY, "error -32002"),
            new Difference("missing resource of a template", LEGACY, "error -32002"),
            // client/elicitation: new in 2025-06-18 (changelog, major 6), pages in 2025-11-25 (major 6 of its own).
            // client/sampling and client/roots are in all; tools of sampling are new in 2025-11-25 (major 7).
            new Difference(
                    "what can be asked",
                    Set.of(V2025_06_18),
                    "form true, page false, model true, model with tools false, roots true"),
            new Difference(
                    "what can be asked",
                    BEFORE_2025_06_18,
                    "form false, page false, model true, model with tools false, roots true"),
            new Difference("form, accepted", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("form, declined", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("form, dismissed", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("consent", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("choice of one", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("choice of several", BEFORE_2025_06_18, CANNOT_BE_ASKED),
            new Difference("page", BEFORE_2025_11_25, CANNOT_BE_ASKED),
            new Difference("sampling with tools", BEFORE_2025_11_25, CANNOT_BE_ASKED),
            new Difference("roots of a client without", LEGACY, CANNOT_BE_ASKED));

    private Differences() {}

    /** What an operation brings in a setting. */
    static String expected(Operation operation, Setting setting) {
        return ALL.stream()
                .filter(row -> row.operation().equals(operation.name())
                        && row.versions().contains(setting.version()))
                .map(Difference::outcome)
                .findFirst()
                .orElse(operation.expected());
    }
}
