package dev.mortise.benchmarks;

/**
 * What OBSERVE and PROTECT add to the small call, as in {@link ObserveBenchmark}, by the processor time and the memory of
 * the whole process: also where each call has a virtual thread of its own, which JMH does not do.
 */
final class ObserveRun {
    private static final String[] PARTS = {"none", "metrics", "logged", "traced", "protected", "all"};

    private ObserveRun() {}

    /** @param args milliseconds of a round; 300 if nothing is said */
    public static void main(String[] args) throws Exception {
        long millis = args.length == 0 ? 300 : Long.parseLong(args[0]);
        System.out.println("callers that call again and again:");
        parts(false).run(millis);
        System.out.println("a virtual thread for each call:");
        parts(true).run(millis);
    }

    private static ByTurns parts(boolean ownThread) {
        ByTurns turns = new ByTurns(ownThread);
        for (String part : PARTS) {
            ObserveBenchmark benchmark = new ObserveBenchmark();
            benchmark.with = part;
            benchmark.compose();
            turns.with(part, benchmark::call);
        }
        return turns;
    }
}
