/** The Model Context Protocol, its server, and the seams that the other Mortise modules plug into. */
@org.jspecify.annotations.NullMarked
module dev.mortise.mcp {
    requires transitive tools.jackson.databind;
    requires transitive org.jspecify;
    requires com.fasterxml.classmate;
    requires com.networknt.schema;
    requires com.github.victools.jsonschema.generator;
    requires org.slf4j;
    // For dev.mortise.mcp.observe only. Not transitive: modules that do not observe could not be compiled without them.
    requires static micrometer.core;
    requires static micrometer.observation;
    requires static micrometer.commons;
    requires static com.dynatrace.hash4j;

    exports dev.mortise.mcp;
    exports dev.mortise.mcp.call;
    exports dev.mortise.mcp.client;
    exports dev.mortise.mcp.http;
    exports dev.mortise.mcp.json;
    exports dev.mortise.mcp.jsonrpc;
    exports dev.mortise.mcp.observe;
    exports dev.mortise.mcp.schema;
    exports dev.mortise.mcp.server;
    exports dev.mortise.mcp.store;
    exports dev.mortise.mcp.transport;

    opens dev.mortise.mcp.schema to
            tools.jackson.databind;
}
