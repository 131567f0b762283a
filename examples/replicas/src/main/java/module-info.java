/** A Mortise server in several processes. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.replicas {
    requires dev.mortise.servlet;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires redis.clients.jedis;
}
