package dev.mortise.benchmarks.production;

/** What requests are there for, and how many of a hundred are. */
enum Kind {
    SMALL(60),
    SEARCH(15),
    READ(15),
    /** What may become a task; it does where it takes long. */
    TASK(5),
    INGEST(5);

    private final int percent;

    Kind(int percent) {
        this.percent = percent;
    }

    int percent() {
        return percent;
    }
}
