package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long it takes until an operator is told what has happened to a deployment: the rules of the house in a real
 * Prometheus, whose time goes faster, over real processes, whose time does not.
 */
public final class ProductionDetection {
    private static final double RATE = 20;
    private static final String RULES = "examples/observability/prometheus/rules.yml";

    /** What an alert tells of. */
    private record Expected(String fault, String alert, String label, String value) {
        boolean isMet(Prometheus.Alert found) {
            return found.name().equals(alert) && (label.isEmpty() || found.hasLabel(label, value));
        }
    }

    /**
     * An alert that fired.
     *
     * @param pending after which something was seen to be wrong
     * @param told after which the alert fires in a deployment, at the latest
     */
    record Detected(String fault, String alert, Duration pending, Duration told) {
        String line() {
            return "%-46s %-23s seen after %4.1f s, told after %3d s at the latest"
                    .formatted(fault, alert, pending.toMillis() / 1e3, told.toSeconds());
        }
    }

    private final Site site;
    private final Path rules;
    private final Prometheus prometheus;
    private final List<Detected> detected = new ArrayList<>();

    private ProductionDetection(Site site, Path rules, Prometheus prometheus) {
        this.site = site;
        this.rules = rules;
        this.prometheus = prometheus;
    }

    public static void main(String[] args) throws Exception {
        run(Path.of(System.getProperty("mortise.root", "."))).forEach(each -> System.out.println(each.line()));
    }

    /** Returns when all alerts have fired, and are over again. */
    static List<Detected> run(Path root) throws Exception {
        Path directory = Files.createTempDirectory("mortise-detection");
        try (Site site = new Site(root, directory)) {
            int alone = site.startAlone();
            Path rules = root.resolve(RULES);
            List<String> targets = List.of(at(site.replicaPort(0)), at(site.replicaPort(1)), at(alone));
            Users users = new Users(ProductionLoad.TENANTS, site.resource(), ProductionLoad.SECRET);
            AtomicBoolean going = new AtomicBoolean(true);
            try (Prometheus prometheus = new Prometheus(directory, rules, targets)) {
                CompletableFuture<Void> clients = CompletableFuture.runAsync(() -> {
                    try (OpenMix load =
                            new OpenMix(site.proxyPort(), new Requests(users), new Tally(ProductionLoad.TENANTS))) {
                        load.runWhile(RATE, going::get);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                });
                try {
                    ProductionDetection run = new ProductionDetection(site, rules, prometheus);
                    Site.await("Prometheus reaches all", () -> prometheus.reached() == targets.size());
                    run.quiet();
                    run.all(alone);
                    return run.detected;
                } finally {
                    going.set(false);
                    clients.get(2, TimeUnit.MINUTES);
                }
            }
        } finally {
            TemporaryFolder.delete(directory);
        }
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    /** Those that do not hide each other at the same time. */
    private void all(int alone) throws Exception {
        Instant first = Instant.now();
        List<Expected> seen = new ArrayList<>();
        Site.end(site.replica(0));
        seen.add(new Expected("a replica was killed", "MortiseInstanceMissing", "instance", at(site.replicaPort(0))));
        site.redis().kill();
        seen.add(new Expected("Redis was killed", "MortiseDegraded", "component", "redis"));
        if (SmallDisk.fill(site.dataOfAlone())) {
            seen.add(new Expected("the disk of a data folder was full", "MortiseDegraded", "instance", at(alone)));
        }
        awaitFiring(first, seen);
        site.redis().startAgain();
        SmallDisk.empty(site.dataOfAlone());
        site.startReplica(0);
        quiet();

        Instant second = Instant.now();
        site.killPostgres();
        awaitFiring(
                second,
                List.of(
                        new Expected("PostgreSQL was killed", "MortiseDegraded", "component", "database"),
                        new Expected("PostgreSQL was killed: calls", "MortiseCallErrors", "", "")));
        site.postgres().startAgain();
        quiet();

        Instant third = Instant.now();
        site.redis().freeze();
        awaitFiring(third, List.of(new Expected("Redis was frozen", "MortiseDegraded", "component", "redis")));
        site.redis().thaw();
        quiet();
    }

    private void awaitFiring(Instant since, List<Expected> expected) throws Exception {
        for (Expected each : expected) {
            Site.await(each + " is told", () -> found(each).isPresent());
            Duration pending = Duration.between(since, found(each).orElseThrow().since());
            Duration told =
                    pending.plus(Prometheus.patience(rules, each.alert())).plus(Prometheus.slowerScrapes());
            detected.add(new Detected(each.fault(), each.alert(), pending, told));
        }
    }

    private Optional<Prometheus.Alert> found(Expected expected) throws InterruptedException {
        return prometheus.alerts().stream()
                .filter(alert -> alert.firing() && expected.isMet(alert))
                .findFirst();
    }

    /** Of what these faults are told by, nothing is told any more. */
    private void quiet() throws Exception {
        Site.await(
                "the alerts are over",
                () -> prometheus.alerts().stream()
                        .noneMatch(alert -> List.of("MortiseInstanceMissing", "MortiseDegraded", "MortiseCallErrors")
                                .contains(alert.name())));
    }
}
