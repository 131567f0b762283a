package dev.mortise.mcp.internal.observe;

/** The attribute names of the OpenTelemetry conventions for MCP (semantic-conventions-genai, docs/gen-ai/mcp.md). */
public final class Conventions {
    public static final String METHOD = "mcp.method.name";
    public static final String PROTOCOL_VERSION = "mcp.protocol.version";
    public static final String RESOURCE_URI = "mcp.resource.uri";
    public static final String TOOL = "gen_ai.tool.name";
    public static final String PROMPT = "gen_ai.prompt.name";
    public static final String OPERATION = "gen_ai.operation.name";
    public static final String EXECUTE_TOOL = "execute_tool";
    public static final String ERROR_TYPE = "error.type";
    public static final String STATUS_CODE = "rpc.response.status_code";
    public static final String REQUEST_ID = "jsonrpc.request.id";
    public static final String TRANSPORT = "network.transport";
    public static final String PROTOCOL = "network.protocol.name";
    public static final String CLIENT_ADDRESS = "client.address";

    private Conventions() {}
}
