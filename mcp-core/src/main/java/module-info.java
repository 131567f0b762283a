/** The Model Context Protocol, its server and its client, and the seams that the other Mortise modules plug into. */
@org.jspecify.annotations.NullMarked
module dev.mortise.mcp {
    requires transitive tools.jackson.databind;
    requires transitive org.jspecify;
    requires com.fasterxml.classmate;
    requires com.networknt.schema;
    requires com.github.victools.jsonschema.generator;
    requires dev.failsafe.core;
    requires java.management;
    requires org.slf4j;
    requires transitive java.net.http;
    requires jdk.httpserver;
    requires static org.snakeyaml.engine;
    // For dev.mortise.mcp.observe only. Not transitive: modules that do not observe could not be compiled without them.
    requires static micrometer.core;
    requires static micrometer.observation;
    requires static micrometer.commons;
    requires static com.dynatrace.hash4j;

    // For the health check of a DataSource, and where stores are used: dev.mortise.mcp.store.jdbc and
    // dev.mortise.mcp.store.redis. Jedis is not transitive: whoever requires this module would have to have it, to
    // compile.
    requires static transitive java.sql;
    requires static redis.clients.jedis;

    exports dev.mortise.mcp;
    exports dev.mortise.mcp.app;
    exports dev.mortise.mcp.call;
    exports dev.mortise.mcp.client;
    exports dev.mortise.mcp.client.auth;
    exports dev.mortise.mcp.extension;
    exports dev.mortise.mcp.health;
    exports dev.mortise.mcp.http;
    exports dev.mortise.mcp.json;
    exports dev.mortise.mcp.jsonrpc;
    exports dev.mortise.mcp.observe;
    exports dev.mortise.mcp.resilience;
    exports dev.mortise.mcp.schema;
    exports dev.mortise.mcp.server;
    exports dev.mortise.mcp.skill;
    exports dev.mortise.mcp.store;
    exports dev.mortise.mcp.store.jdbc;
    exports dev.mortise.mcp.store.redis;
    exports dev.mortise.mcp.task;
    exports dev.mortise.mcp.transport;

    // What is kept between the rounds of a call.
    opens dev.mortise.mcp.internal.state to
            tools.jackson.databind;
    opens dev.mortise.mcp.schema to
            tools.jackson.databind;
    opens dev.mortise.mcp.skill to
            tools.jackson.databind;
    opens dev.mortise.mcp.task to
            tools.jackson.databind;
}
