/** A Mortise server in Jetty. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.http {
    requires dev.mortise.examples.documents;
    requires dev.mortise.security;
    requires dev.mortise.servlet;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.xerial.sqlitejdbc;
    requires tools.jackson.databind;
}
