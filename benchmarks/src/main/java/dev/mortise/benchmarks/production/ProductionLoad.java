package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An even load on the production server as it is deployed, and afterwards its books beside what clients saw. */
public final class ProductionLoad {
    static final int TENANTS = 200;
    static final String SECRET = "a secret of the issuer of load tests";

    /** What came of it. */
    record Report(Figures figures, Books.Reconciled books) {
        boolean isGood() {
            Tally tally = figures.tally();
            return tally.failed() == 0 && tally.unknown() == 0 && tally.unsentRequests() == 0 && books.agrees();
        }
    }

    /** What clients saw, and what it took; CPU in seconds by process. */
    record Figures(double rate, Duration time, Tally tally, Map<String, Double> cpu) {
        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(
                    "%.0f/s for %d s, %d tenants: %s; %d failed, %d without an answer, %d not sent; generator late by %s"
                            .formatted(
                                    rate,
                                    time.toSeconds(),
                                    TENANTS,
                                    tally.all().summary(),
                                    tally.failed(),
                                    tally.unknown(),
                                    tally.unsentRequests(),
                                    tally.lag().summary()));
            for (Kind kind : Kind.values()) {
                lines.add("  %-6s %7d  %s"
                        .formatted(kind, tally.of(kind).count(), tally.of(kind).summary()));
            }
            cpu.forEach((process, seconds) -> lines.add(
                    "  CPU %-10s %5.1f %% of one processor".formatted(process, 100 * seconds / time.toSeconds())));
            tally.failures().forEach((what, count) -> lines.add("  " + count + " x " + what));
            return lines;
        }
    }

    private ProductionLoad() {}

    /** @param args seconds, requests a second, seconds of warming up before */
    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 1_000;
        int warm = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        Report report = run(
                Path.of(System.getProperty("mortise.root", ".")),
                rate,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warm));
        System.out.println(report.books());
        System.exit(report.isGood() ? 0 : 1);
    }

    static Report run(Path root, double rate, Duration time, Duration warm) throws Exception {
        Path directory = Files.createTempDirectory("mortise-production");
        try (Site site = new Site(root, directory)) {
            Users users = new Users(TENANTS, site.resource(), SECRET);
            Accounts accounts = Accounts.open(site, users);
            Requests requests = new Requests(users);
            Tally before = new Tally(TENANTS);
            try (OpenMix load = new OpenMix(site.proxyPort(), requests, before)) {
                // For the compilers: slowly at first, since nobody sends all to a replica that has just started.
                load.run(rate / 4, warm.dividedBy(2));
                load.run(rate, warm.dividedBy(2));
            }
            Tally tally = new Tally(TENANTS, before);
            Map<String, Double> begin = site.cpu();
            try (OpenMix load = new OpenMix(site.proxyPort(), requests, tally)) {
                load.run(rate, time);
            }
            Map<String, Double> used = new LinkedHashMap<>();
            site.cpu().forEach((process, now) -> used.put(process, now - begin.getOrDefault(process, 0.0)));
            Figures figures = new Figures(rate, time, tally, used);
            // Before the books, which take a while: the audit log has a record of each decision.
            figures.lines().forEach(System.out::println);
            return new Report(figures, Books.compare(site, users, accounts, tally));
        } finally {
            TemporaryFolder.delete(directory);
        }
    }
}
