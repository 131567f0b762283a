package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Many calls, and what the replicas hold on to: after a full collection at a fifth of the way, and at its end. */
public final class ProductionSoak {
    private static final double BOUND = 0.05;
    private static final int MOST_CLASSES = 5;

    private ProductionSoak() {}

    /** @param args requests, requests a second */
    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
        double rate = args.length > 1 ? Double.parseDouble(args[1]) : 600;
        System.exit(run(Path.of(System.getProperty("mortise.root", ".")), requests, rate) ? 0 : 1);
    }

    private static boolean run(Path root, int count, double rate) throws Exception {
        Path directory = Files.createTempDirectory("mortise-soak");
        try (Site site = new Site(root, directory)) {
            Users users = new Users(ProductionLoad.TENANTS, site.resource(), ProductionLoad.SECRET);
            Requests requests = new Requests(users);
            Tally tally = new Tally(ProductionLoad.TENANTS);
            Duration fifth = Duration.ofNanos((long) (count / rate / 5 * 1e9));
            boolean good = true;
            try (OpenMix load = new OpenMix(site.proxyPort(), requests, tally)) {
                load.run(rate, fifth);
                List<Histogram> early = List.of(live(site, 0), live(site, 1));
                load.run(rate, fifth.multipliedBy(4));
                for (int replica = 0; replica < 2; replica++) {
                    Histogram before = early.get(replica);
                    Histogram late = live(site, replica);
                    double change = (double) late.total() / before.total() - 1;
                    System.out.printf(
                            "replica %d: %.1f MB live at 20 %%, %.1f MB at 100 %%: %+.1f %%%n",
                            replica + 1, before.total() / 1e6, late.total() / 1e6, 100 * change);
                    late.since(before, MOST_CLASSES)
                            .forEach((name, bytes) -> System.out.printf("  %+6.2f MB %s%n", bytes / 1e6, name));
                    good &= Math.abs(change) < BOUND;
                }
            }
            System.out.printf(
                    "%d answered, %s; %d failed, %d without an answer%n",
                    tally.all().count(), tally.all().summary(), tally.failed(), tally.unknown());
            tally.failures().forEach((what, times) -> System.out.println("  " + times + " x " + what));
            return good && tally.failed() == 0 && tally.unknown() == 0;
        } finally {
            TemporaryFolder.delete(directory);
        }
    }

    /** Bytes of objects that are reachable: the histogram of classes collects before it counts. */
    private static Histogram live(Site site, int replica) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(site.replica(replica).pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return Histogram.of(said);
    }
}
