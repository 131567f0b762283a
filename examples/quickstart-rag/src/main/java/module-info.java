/** A folder of documents that can be searched. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.rag {
    requires dev.mortise.rag;
    requires org.jspecify;
    requires org.slf4j;
}
