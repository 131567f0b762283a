package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What can happen to a deployment, one thing after another, while clients go on: each is over again before the next
 * begins. Clients may be refused meanwhile; afterwards they are not, and the books agree with what they saw.
 */
public final class ProductionFaults {
    private static final String ROTATED = "another secret of the issuer of load tests";

    /** What came of it; {@code after} is what clients saw when all was over. */
    record Report(List<String> happened, Tally during, Tally after, Books.Reconciled books) {
        boolean isGood() {
            return isRight() && after.failed() == 0 && after.unsentRequests() == 0;
        }

        /** As {@link #isGood}, but a machine that has other things to do may have been too slow. */
        boolean isRight() {
            return after.failed() == after.busy() && after.unknown() == 0 && books.agrees();
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>(happened);
            lines.add("in all: %d answered, %s; %d failed, %d without an answer, %d not sent"
                    .formatted(
                            during.all().count(),
                            during.all().summary(),
                            during.failed(),
                            during.unknown(),
                            during.unsentRequests()));
            during.failures().forEach((what, count) -> lines.add("  " + count + " x " + what));
            lines.add("afterwards: %d answered, %d failed, %d without an answer"
                    .formatted(after.all().count(), after.failed(), after.unknown()));
            after.failures().forEach((what, count) -> lines.add("  " + count + " x " + what));
            lines.add(books.toString());
            return lines;
        }
    }

    /** Something that happens, and is over when it returns. */
    private interface Fault {
        void happen() throws Exception;
    }

    private final Site site;
    private final Requests requests;
    private final Tally tally;
    private final Duration held;
    private final List<String> happened = new ArrayList<>();

    private ProductionFaults(Site site, Requests requests, Tally tally, Duration held) {
        this.site = site;
        this.requests = requests;
        this.tally = tally;
        this.held = held;
    }

    /** @param args requests a second, seconds that each fault lasts */
    public static void main(String[] args) throws Exception {
        double rate = args.length > 0 ? Double.parseDouble(args[0]) : 200;
        int held = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        Report report = run(Path.of(System.getProperty("mortise.root", ".")), rate, Duration.ofSeconds(held));
        report.lines().forEach(System.out::println);
        System.exit(report.isGood() ? 0 : 1);
    }

    static Report run(Path root, double rate, Duration held) throws Exception {
        Path directory = Files.createTempDirectory("mortise-faults");
        try (Site site = new Site(root, directory)) {
            Users users = new Users(ProductionLoad.TENANTS, site.resource(), ProductionLoad.SECRET);
            Accounts accounts = Accounts.open(site, users);
            Requests requests = new Requests(users);
            Tally during = new Tally(ProductionLoad.TENANTS);
            ProductionFaults faults = new ProductionFaults(site, requests, during, held);
            AtomicBoolean going = new AtomicBoolean(true);
            CompletableFuture<Void> clients = CompletableFuture.runAsync(() -> {
                try (OpenMix load = new OpenMix(site.proxyPort(), requests, during)) {
                    load.runWhile(rate, going::get);
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            try {
                faults.all();
            } finally {
                going.set(false);
            }
            clients.get(2, TimeUnit.MINUTES);
            Users now = new Users(ProductionLoad.TENANTS, site.resource(), ROTATED);
            Tally after = new Tally(ProductionLoad.TENANTS, during);
            try (OpenMix load = new OpenMix(site.proxyPort(), requests, after)) {
                load.run(rate, held);
            }
            return new Report(faults.happened, during, after, Books.compare(site, now, accounts, after));
        } finally {
            TemporaryFolder.delete(directory);
        }
    }

    private void all() throws Exception {
        goOn();
        one("a replica was killed (-9), and started again", () -> {
            Site.end(site.replica(0));
            goOn();
            site.startReplica(0);
        });
        one("Redis was killed, and started again", () -> {
            site.redis().kill();
            goOn();
            site.redis().startAgain();
        });
        one("Redis was frozen, and thawed", () -> {
            site.redis().freeze();
            goOn();
            site.redis().thaw();
        });
        one("PostgreSQL was killed, and started again", () -> {
            site.killPostgres();
            goOn();
            site.postgres().startAgain();
        });
        one("the disk of a replica's data folder was full; with room again, it was restarted", () -> {
            boolean full = SmallDisk.fill(site.dataOf(1));
            goOn();
            SmallDisk.empty(site.dataOf(1));
            // An embedded index stays down after an error of its disk until it is opened again.
            restart(1);
            if (!full) {
                happened.add("(nothing can be mounted here: no disk was filled)");
            }
        });
        one("nginx was reloaded", site::reloadNginx);
        one("the secret of tokens was rotated as the runbook says: four restarts", () -> {
            site.signWith(ROTATED, ProductionLoad.SECRET);
            restart(0);
            restart(1);
            requests.use(new Users(ProductionLoad.TENANTS, site.resource(), ROTATED));
            // What was sent with an old token is answered by then; the secret of these is good for nothing any more.
            goOn();
            site.signWith(ROTATED);
            restart(0);
            restart(1);
        });
    }

    private void one(String what, Fault fault) throws Exception {
        int failed = tally.failed() + tally.unknown();
        fault.happen();
        recovered();
        happened.add("%s: %d requests failed meanwhile".formatted(what, tally.failed() + tally.unknown() - failed));
    }

    /** Both are ready, and clients have been answered well for a while, by whichever is asked. */
    private void recovered() throws Exception {
        site.awaitReady(0);
        site.awaitReady(1);
        Site.await("a stretch without a failure", () -> {
            int failed = tally.failed() + tally.unknown() + tally.unsentRequests();
            int answered = tally.all().count();
            TimeUnit.SECONDS.sleep(2);
            return failed == tally.failed() + tally.unknown() + tally.unsentRequests()
                    && tally.all().count() > answered;
        });
    }

    /** As an operator does: it is told to stop, and finishes what it is answering. */
    private void restart(int index) throws Exception {
        Process old = site.replica(index);
        old.destroy();
        if (!old.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("A replica does not stop");
        }
        site.startReplica(index);
    }

    private void goOn() throws InterruptedException {
        Thread.sleep(held);
    }
}
