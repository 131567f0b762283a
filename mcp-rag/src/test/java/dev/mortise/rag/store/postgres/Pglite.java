package dev.mortise.rag.store.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL with pgvector, compiled for Node, which npm installs: the SQL is real, the processes and the disk are not. It
 * has one connection. Without npm a test that wants it says so and is not run; {@code MORTISE_REQUIRE_INTEROP=1} makes that a
 * failure.
 */
final class Pglite implements AutoCloseable {
    private static final long INSTALLING_SECONDS = 300;
    private static final Path FOLDER = Path.of("target", "pglite").toAbsolutePath();

    private final Process process;
    private final int port;

    private Pglite(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Pglite start() throws Exception {
        boolean installed = Stream.of("node", "npm").allMatch(Pglite::isOnPath);
        if (!"1".equals(System.getenv("MORTISE_REQUIRE_INTEROP"))) {
            assumeTrue(installed, "pgvector was not tried: npm is missing");
        }
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "server.mjs")) {
            Files.copy(
                    Path.of(Pglite.class.getResource("pglite/" + file).toURI()),
                    FOLDER.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(FOLDER.resolve("node_modules/@electric-sql/pglite-pgvector"))) {
            install();
        }
        Process process = new ProcessBuilder("node", "server.mjs")
                .directory(FOLDER.toFile())
                .redirectError(FOLDER.resolve("server.log").toFile())
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null || !line.startsWith("port ")) {
            process.destroyForcibly();
            throw new AssertionError("PGlite does not start: " + Files.readString(FOLDER.resolve("server.log")));
        }
        return new Pglite(process, Integer.parseInt(line.substring("port ".length())));
    }

    private static void install() throws IOException, InterruptedException {
        Path log = FOLDER.resolve("npm.log");
        Process npm = new ProcessBuilder(
                        "npm",
                        "install",
                        "--ignore-scripts",
                        "--no-package-lock",
                        "--prefer-offline",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        npm.getOutputStream().close();
        if (!npm.waitFor(INSTALLING_SECONDS, TimeUnit.SECONDS) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new AssertionError("npm does not install PGlite: " + Files.readString(log));
        }
    }

    private static boolean isOnPath(String program) {
        Predicate<String> has = folder -> Files.isExecutable(Path.of(folder, program));
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).anyMatch(has);
    }

    DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser("postgres");
        dataSource.setSslMode("disable");
        return dataSource;
    }

    @Override
    public void close() throws Exception {
        // Its input ends, and so does it.
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
