package dev.mortise.examples.faults;

import dev.mortise.examples.faults.FaultProxy.Weather;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import redis.embedded.RedisExecProvider;

/** The shop and what it depends on, each a process of its own, the networks between them, and a disk. */
final class Site implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Path directory;
    private final Postgres postgres;
    private final Program redis;
    private final Program rates;
    private final SmallDisk disk;
    private final FaultProxy toPostgres;
    private final FaultProxy toRedis;
    private final FaultProxy toRates;
    private final Process shop;
    private final URI url;

    /** With bad networks at first. */
    Site(Path directory) throws Exception {
        this.directory = directory;
        try {
            postgres = opened(new Postgres(Files.createDirectory(directory.resolve("postgres"))));
            int redisPort = Processes.freePort();
            redis = opened(new Program(directory.resolve("redis.log"), redisPort, redis(redisPort)));
            int ratesPort = Processes.freePort();
            rates = opened(new Program(
                    directory.resolve("rates.log"),
                    ratesPort,
                    Processes.java(RatesServer.class, Integer.toString(ratesPort))));
            disk = opened(new SmallDisk(directory.resolve("receipts")));
            toPostgres = opened(new FaultProxy(postgres.port()));
            toRedis = opened(new FaultProxy(redis.port()));
            toRates = opened(new FaultProxy(rates.port()));
            setAll(Weather.RESET);
            ProcessBuilder builder = new ProcessBuilder(Processes.java(
                            Main.class,
                            "0",
                            "jdbc:postgresql://127.0.0.1:" + toPostgres.port() + "/postgres?user=postgres",
                            "redis://127.0.0.1:" + toRedis.port(),
                            "http://127.0.0.1:" + toRates.port() + "/mcp",
                            disk.folder().toString()))
                    .redirectError(directory.resolve("shop.log").toFile());
            builder.environment().put("MORTISE_HEALTH_TOKEN", Client.HEALTH_TOKEN);
            shop = builder.start();
            opened.push(() -> Processes.kill(shop));
            url = listening(shop);
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private List<String> redis(int port) throws IOException {
        return List.of(
                RedisExecProvider.defaultProvider().get().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "");
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.push(one);
        return one;
    }

    private URI listening(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String first = out.readLine();
        if (first == null) {
            throw new IOException("The shop did not start:\n" + log());
        }
        return URI.create(first.substring("listening on ".length()));
    }

    URI url() {
        return url;
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("shop.log"));
    }

    Vitals vitals() throws IOException, InterruptedException {
        return Vitals.of(shop.pid(), directory);
    }

    void setAll(Weather weather) {
        List.of(toPostgres, toRedis, toRates).forEach(proxy -> proxy.set(weather));
    }

    List<Fault> faults() {
        List<Fault> all = new ArrayList<>();
        all.add(new Fault(Dependency.DATABASE, "killed", postgres::kill, postgres::startAgain));
        all.add(new Fault(Dependency.DATABASE, "frozen", postgres::freeze, postgres::thaw));
        addNetwork(all, Dependency.DATABASE, toPostgres);
        all.add(new Fault(Dependency.REDIS, "killed", redis::kill, redis::startAgain));
        all.add(new Fault(Dependency.REDIS, "frozen", redis::freeze, redis::thaw));
        addNetwork(all, Dependency.REDIS, toRedis);
        all.add(new Fault(Dependency.RATES, "killed", rates::kill, rates::startAgain));
        all.add(new Fault(Dependency.RATES, "frozen", rates::freeze, rates::thaw));
        addNetwork(all, Dependency.RATES, toRates);
        all.add(new Fault(Dependency.DISK, disk.what(), disk::fill, disk::empty));
        return all;
    }

    private static void addNetwork(List<Fault> all, Dependency dependency, FaultProxy network) {
        for (Weather weather : List.of(Weather.SLOW, Weather.BLACK_HOLE, Weather.RESET)) {
            all.add(new Fault(
                    dependency, "network: " + weather, () -> network.set(weather), () -> network.set(Weather.FAIR)));
        }
    }

    @Override
    public void close() throws Exception {
        Exception failed = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
