package dev.mortise.benchmarks.vectors;

/** What a filter lets pass. */
enum Share {
    ALL(""),
    /** One of a hundred, by chance. */
    ONE("p1"),
    /** A tenth, by chance. */
    TEN("p10"),
    /** Half, by chance. */
    HALF("p50"),
    /** A tenth that lies together, as a tenant's documents do. */
    TENANT("near");

    private final String field;

    Share(String field) {
        this.field = field;
    }

    /** Those that pass have the value "yes" under this name. */
    String field() {
        return field;
    }
}
