/** The Model Context Protocol, its server, and the seams that the other Mortise modules plug into. */
@org.jspecify.annotations.NullMarked
module dev.mortise.mcp {
    requires transitive tools.jackson.databind;
    requires transitive org.jspecify;
    requires com.fasterxml.classmate;
    requires com.networknt.schema;
    requires com.github.victools.jsonschema.generator;
    requires org.slf4j;

    exports dev.mortise.mcp.http;
    exports dev.mortise.mcp.json;
    exports dev.mortise.mcp.jsonrpc;
    exports dev.mortise.mcp.server;
}
