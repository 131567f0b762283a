/** Streamable HTTP in any Servlet 6 container. The container brings the servlet API. */
@org.jspecify.annotations.NullMarked
module dev.mortise.servlet {
    requires transitive dev.mortise.mcp;
    requires static transitive jakarta.servlet;
    requires org.slf4j;

    exports dev.mortise.servlet;
}
