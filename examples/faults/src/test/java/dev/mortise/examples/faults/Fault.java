package dev.mortise.examples.faults;

/** Something that goes wrong with a dependency, and is over again. */
record Fault(Dependency dependency, String name, Step begin, Step end) {
    /** Returns when it has happened. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    @Override
    public String toString() {
        return dependency.check() + " " + name;
    }
}
