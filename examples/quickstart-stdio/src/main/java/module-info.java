/** The smallest program around a Mortise server. */
@org.jspecify.annotations.NullMarked
module dev.mortise.examples.stdio {
    requires dev.mortise.examples.documents;
}
