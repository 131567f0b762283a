package dev.mortise.benchmarks.production;

import dev.mortise.benchmarks.ResponseReader;
import dev.mortise.benchmarks.TemporaryFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Streams that clients listen to, all of them at one replica, and how much memory that takes. */
public final class ProductionListeners {
    private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int BATCH = 100;
    private static final int OF_ONE_USER = 10;

    private ProductionListeners() {}

    /** @param args how many streams */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        Path directory = Files.createTempDirectory("mortise-listeners");
        boolean well;
        try (Site site = new Site(Path.of(System.getProperty("mortise.root", ".")), directory)) {
            long before = residentMegabytes(site);
            int open = open(site, count);
            long with = residentMegabytes(site);
            System.out.printf(
                    "%d of %d streams open at one replica; resident memory %d MB before, %d MB with them%n",
                    open, count, before, with);
            well = open == count && with < 1_024;
        } finally {
            TemporaryFolder.delete(directory);
        }
        // Only now, when all that was started is stopped.
        System.exit(well ? 0 : 1);
    }

    private static int open(Site site, int count) throws Exception {
        Users users = new Users(count / OF_ONE_USER + 1, site.resource(), ProductionLoad.SECRET);
        Requests requests = new Requests(users);
        Set<ResponseReader> acknowledged = new HashSet<>();
        Set<SocketChannel> channels = new HashSet<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Selector selector = Selector.open()) {
            while (channels.size() < count || acknowledged.size() < channels.size()) {
                if (System.nanoTime() - end > 0) {
                    break;
                }
                if (acknowledged.size() == channels.size()) {
                    for (int i = 0; i < BATCH && channels.size() < count; i++) {
                        ByteBuffer request = requests.post(
                                        Kind.READ,
                                        channels.size() / OF_ONE_USER,
                                        "subscriptions/listen",
                                        "",
                                        "\"notifications\":{\"toolsListChanged\":true},")
                                .bytes();
                        SocketChannel channel = SocketChannel.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), site.replicaPort(0)));
                        channels.add(channel);
                        channel.write(request);
                        channel.configureBlocking(false);
                        channel.register(selector, SelectionKey.OP_READ, new ResponseReader());
                    }
                }
                selector.select(key -> read(key, buffer, acknowledged), 100);
            }
            int open = acknowledged.size();
            for (SocketChannel channel : channels) {
                channel.close();
            }
            return open;
        }
    }

    private static void read(SelectionKey key, ByteBuffer buffer, Set<ResponseReader> acknowledged) {
        ResponseReader reader = (ResponseReader) key.attachment();
        try {
            buffer.clear();
            if (((SocketChannel) key.channel()).read(buffer) < 0 || reader.read(buffer.flip())) {
                throw new IllegalStateException(
                        "A stream ended, with status " + reader.status() + ": " + reader.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException("A stream broke", e);
        }
        if (reader.body().contains(ACKNOWLEDGED)) {
            acknowledged.add(reader);
        }
    }

    /** What the kernel counts, as it would for a container. */
    private static long residentMegabytes(Site site) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(site.replica(0).pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }
}
