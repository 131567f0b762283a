/** A Mortise server that goes on without what it depends on. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.faults {
    requires dev.mortise.servlet;
    requires com.zaxxer.hikari;
    requires java.sql;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires redis.clients.jedis;

    // Records that become JSON.
    opens dev.mortise.examples.faults to
            dev.mortise.mcp,
            tools.jackson.databind;
}
