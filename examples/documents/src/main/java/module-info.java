/** The job that the quickstarts share: an MCP server over a folder of documents. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.documents {
    requires transitive dev.mortise.mcp;
    // Tools say how much harm they can do, whether somebody asks or not.
    requires dev.mortise.security;
    requires org.slf4j;

    exports dev.mortise.examples.documents;

    // The arguments and results of tools are records, which Jackson makes and reads.
    opens dev.mortise.examples.documents to
            tools.jackson.databind;
}
