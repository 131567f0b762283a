package dev.mortise.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.faults.Client.Answer;
import dev.mortise.examples.faults.Dependency.Probe;
import dev.mortise.examples.faults.FaultProxy.Weather;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to each thing that the shop depends on, over and over, and what its clients see of it. The number of
 * cycles is the property {@code faults.cycles}: 2 in each build, 20 with the profile {@code faults}. To look into one
 * fault, {@code faults.only} takes a pattern, such as {@code redis.*}.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultMatrixTest {
    /** All calls have a policy's time limit of at most 3 s; the rest is for a busy machine. */
    private static final Duration LATEST = Duration.ofSeconds(4);

    private static final int SEEN_SECONDS = 5;
    private static final int RECOVERY_SECONDS = 10;

    /** Pools, the HTTP client's connections and the collector need not be exactly where they were. */
    private static final int MORE_DESCRIPTORS = 12;

    private static final int MORE_THREADS = 12;
    private static final long MORE_HEAP = 4_000_000;

    @TempDir
    Path directory;

    @Test
    void faultsAreConfinedSeenAndOverAndLeaveNothingBehind() throws Exception {
        int cycles = Integer.getInteger("faults.cycles", 2);
        Pattern only = Pattern.compile(System.getProperty("faults.only", ".*"));
        try (Site site = new Site(directory);
                Client client = new Client(site.url())) {
            startsWithoutWhatItDependsOn(site, client);
            Vitals before = null;
            for (int cycle = 1; cycle <= cycles; cycle++) {
                List<Fault> faults = site.faults().stream()
                        .filter(fault -> only.matcher(fault.toString()).matches())
                        .toList();
                assertThat(faults).isNotEmpty();
                for (Fault fault : faults) {
                    System.out.println("cycle " + cycle + ", " + fault + ": " + happens(fault, client));
                }
                Vitals now = site.vitals();
                System.out.println("cycle " + cycle + ": " + now);
                // The first cycle warms up: pools fill, classes are loaded. What was still to end at one look, such as
                // a
                // handler whose socket has yet to time out, must not hide that something stays.
                before = before == null ? now : before.least(now);
            }
            leavesNothingBehind(site, before);
        }
    }

    private static void startsWithoutWhatItDependsOn(Site site, Client client) throws Exception {
        Answer refused = client.call(Probe.PLACE_ORDER);
        assertThat(refused.isRefusal()).as(refused.toString()).isTrue();
        assertThat(client.call(Probe.PRICE).isResult()).isTrue();
        site.setAll(Weather.FAIR);
        Eventually.holds("a session begins", RECOVERY_SECONDS, () -> {
            try {
                client.begin();
                return true;
            } catch (AssertionError e) {
                return false;
            }
        });
        for (Probe probe : Probe.values()) {
            Eventually.holds(
                    probe + " works", RECOVERY_SECONDS, () -> client.call(probe).isResult());
        }
        for (Dependency dependency : Dependency.values()) {
            awaitUp(client, dependency, RECOVERY_SECONDS);
        }
    }

    /** What was seen of a fault. */
    private record Course(Duration shown, int refused, Duration slowest, Duration recovered) {
        @Override
        public String toString() {
            return "shown after %d ms; %d refused, the slowest after %d ms; recovered %d ms after its end"
                    .formatted(shown.toMillis(), refused, slowest.toMillis(), recovered.toMillis());
        }
    }

    private static Course happens(Fault fault, Client client) throws Exception {
        Dependency dependency = fault.dependency();
        fault.begin().run();
        Duration shown = null;
        List<Answer> refused = new ArrayList<>();
        long began = System.nanoTime();
        try {
            // Long enough for a breaker to open, and to try again in vain.
            while (shown == null || refused.size() < 6) {
                for (Answer answer : callAll(client)) {
                    if (dependency.isNeededBy(answer.probe())) {
                        assertThat(answer.isRefusal())
                                .as("refused in %s: %s", fault, answer)
                                .isTrue();
                        assertThat(answer.took()).as("%s: %s", fault, answer).isLessThan(LATEST);
                        refused.add(answer);
                    } else {
                        assertThat(answer.isResult())
                                .as("not concerned by %s: %s", fault, answer)
                                .isTrue();
                    }
                }
                Duration since = Duration.ofNanos(System.nanoTime() - began);
                if (shown == null && !client.health(dependency.check()).equals("up")) {
                    shown = since;
                }
                assertThat(shown != null || since.toSeconds() < SEEN_SECONDS)
                        .as("health shows %s within %d s", fault, SEEN_SECONDS)
                        .isTrue();
            }
        } finally {
            fault.end().run();
        }
        Duration recovered = awaitRecovery(fault, client);
        Duration slowest =
                refused.stream().map(Answer::took).max(Duration::compareTo).orElseThrow();
        return new Course(shown, refused.size(), slowest, recovered);
    }

    /** By itself; and those who were never concerned do not notice that either. */
    private static Duration awaitRecovery(Fault fault, Client client) {
        return Eventually.holds(fault + " is over", RECOVERY_SECONDS, () -> {
            boolean all = true;
            for (Answer answer : callAll(client)) {
                boolean concerned = fault.dependency().isNeededBy(answer.probe());
                assertThat(answer.isResult() || (concerned && answer.isRefusal()))
                        .as("after %s: %s", fault, answer)
                        .isTrue();
                all &= answer.isResult();
            }
            return all && client.health(fault.dependency().check()).equals("up");
        });
    }

    private static void awaitUp(Client client, Dependency dependency, int seconds) {
        Eventually.holds(
                dependency + " is up",
                seconds,
                () -> client.health(dependency.check()).equals("up"));
    }

    /** All at once: none may have to wait for another. */
    private static List<Answer> callAll(Client client) throws Exception {
        List<Future<Answer>> calls;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls = Stream.of(Probe.values())
                    .map(probe -> threads.submit(() -> client.call(probe)))
                    .toList();
        }
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> call : calls) {
            answers.add(call.get());
        }
        return answers;
    }

    private static void leavesNothingBehind(Site site, Vitals before) throws Exception {
        Vitals[] now = new Vitals[1];
        try {
            Eventually.holds("as it was before", 30, () -> {
                now[0] = site.vitals();
                return now[0].descriptors() <= before.descriptors() + MORE_DESCRIPTORS
                        && now[0].threads() <= before.threads() + MORE_THREADS
                        && now[0].heapBytes() <= before.heapBytes() + MORE_HEAP;
            });
        } finally {
            System.out.println("before: " + before + "; in the end: " + now[0]);
        }
    }
}
