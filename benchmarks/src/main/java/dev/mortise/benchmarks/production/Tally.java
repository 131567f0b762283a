package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.Latencies;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What clients saw. Of a request whose answer never came nobody knows whether it was done; that is counted, too. Not
 * thread-safe.
 */
final class Tally {
    private static final int SAMPLES = 12;

    /** What was certainly done for a user, and what was done or not. */
    static final class Done {
        int memories;
        int perhapsMemories;
        int documents;
        int perhapsDocuments;
        int calls;
        int perhapsCalls;
    }

    private final Map<Kind, Latencies> took = new EnumMap<>(Kind.class);
    private final Latencies all = new Latencies();
    private final Latencies lag = new Latencies();
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final Done[] done;
    private int failed;
    private int busy;
    private int unknown;
    private int unsent;

    Tally(int users) {
        done = new Done[users];
        Arrays.setAll(done, user -> new Done());
        for (Kind kind : Kind.values()) {
            took.put(kind, new Latencies());
        }
    }

    /** Goes on with what was done for users before, and begins anew with all else. */
    Tally(int users, Tally before) {
        this(users);
        System.arraycopy(before.done, 0, done, 0, users);
    }

    void answered(Requests.Request request, int status, String body, long nanos) {
        if (status == 200 && body.contains("\"result\"") && !body.contains("\"isError\":true")) {
            of(request.kind()).add(nanos);
            all.add(nanos);
            Done mine = done[request.user()];
            mine.calls += request.weight();
            mine.memories += request.tool().equals("remember") ? 1 : 0;
            mine.documents += request.tool().equals("ingest_document") ? 1 : 0;
        } else {
            failed++;
            busy += status == 503 || status == 504 ? 1 : 0;
            perhaps(request);
            sample(request.kind() + " " + status + " " + body.substring(0, Math.min(300, body.length())));
        }
    }

    void unanswered(Requests.Request request, String why) {
        unknown++;
        perhaps(request);
        sample(request.kind() + " without an answer: " + why);
    }

    /** Most failures say that nothing was done. But a gateway that gave up, or a limit of time, does not know. */
    private void perhaps(Requests.Request request) {
        Done mine = done[request.user()];
        mine.perhapsCalls += request.weight();
        mine.perhapsMemories += request.tool().equals("remember") ? 1 : 0;
        mine.perhapsDocuments += request.tool().equals("ingest_document") ? 1 : 0;
    }

    private void sample(String what) {
        String kind = what.replaceAll("\"id\":\\d+|[0-9a-f]{8,}|\\d{4,}", "…");
        if (failures.size() < SAMPLES || failures.containsKey(kind)) {
            failures.merge(kind, 1, Integer::sum);
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
        return Objects.requireNonNull(took.get(kind));
    }

    Latencies lag() {
        return lag;
    }

    /** Answered, but not with a result. */
    int failed() {
        return failed;
    }

    /** Of those, the ones that were refused because there was too much to do, or no time left to do it in. */
    int busy() {
        return busy;
    }

    int unknown() {
        return unknown;
    }

    /** Due while all connections waited, or when nobody took a connection. */
    int unsentRequests() {
        return unsent;
    }

    Map<String, Integer> failures() {
        return failures;
    }

    Done done(int user) {
        return done[user];
    }
}
