package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.Latencies;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What clients saw. Of a request whose answer never came nobody knows whether it was done; that is counted, too. Not
 * thread-safe.
 */
final class Tally {
    private static final int SAMPLES = 12;

    private final Map<Kind, Latencies> took = new EnumMap<>(Kind.class);
    private final Latencies all = new Latencies();
    private final Latencies lag = new Latencies();
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final int[] ingested;
    private final int[] perhapsIngested;
    private int tools;
    private int failed;
    private int unknown;
    private int unsent;

    Tally(int users) {
        ingested = new int[users];
        perhapsIngested = new int[users];
        for (Kind kind : Kind.values()) {
            took.put(kind, new Latencies());
        }
    }

    void answered(Requests.Request request, int status, String body, long nanos) {
        if (status == 200 && body.contains("\"result\"") && !body.contains("\"isError\":true")) {
            took.get(request.kind()).add(nanos);
            all.add(nanos);
            tools += request.tool() ? 1 : 0;
            ingested[request.user()] += request.kind() == Kind.INGEST ? 1 : 0;
        } else {
            failed++;
            // A refusal says that nothing was done; a gateway that gave up does not.
            perhapsIngested[request.user()] += request.kind() == Kind.INGEST && status >= 500 ? 1 : 0;
            sample(request.kind() + " " + status + " " + body.substring(0, Math.min(200, body.length())));
        }
    }

    void unanswered(Requests.Request request, String why) {
        unknown++;
        perhapsIngested[request.user()] += request.kind() == Kind.INGEST ? 1 : 0;
        sample(request.kind() + " without an answer: " + why);
    }

    private void sample(String what) {
        if (failures.size() < SAMPLES || failures.containsKey(what)) {
            failures.merge(what, 1, Integer::sum);
        }
    }

    void unsent() {
        unsent++;
    }

    void late(long nanos) {
        lag.add(nanos);
    }

    Latencies all() {
        return all;
    }

    Latencies of(Kind kind) {
        return took.get(kind);
    }

    Latencies lag() {
        return lag;
    }

    int failed() {
        return failed;
    }

    int unknown() {
        return unknown;
    }

    /** Due while all connections waited, or when nobody took a connection. */
    int unsentRequests() {
        return unsent;
    }

    /** Calls of tools that were answered well. */
    int tools() {
        return tools;
    }

    Map<String, Integer> failures() {
        return failures;
    }

    /** Of that user, what was certainly taken in. */
    int ingested(int user) {
        return ingested[user];
    }

    /** Of that user, what was taken in or not. */
    int perhapsIngested(int user) {
        return perhapsIngested[user];
    }
}
