package dev.mortise.security.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.access.Approval;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Two processes of eight threads each go for the same approvals: each approval lets one call through. */
@Timeout(120)
class TwoProcessesTest {
    private static final String SCHEMA = "security_two_processes";
    private static final int THREADS = 8;
    private static final int APPROVALS = 60;

    private static SecurityStores stores(int port) {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setServerNames(new String[] {"127.0.0.1"});
        server.setPortNumbers(new int[] {port});
        server.setDatabaseName("postgres");
        server.setUser("postgres");
        return SecurityStores.sql(server)
                .schema(SCHEMA)
                .timeout(Duration.ofSeconds(30))
                .migrate();
    }

    private static String id(int number) {
        return "approval-" + number;
    }

    /** One of the processes: waits for a line, goes for every approval from every thread, and writes which it got. */
    public static void main(String[] arguments) throws Exception {
        try (SecurityStores stores = stores(Integer.parseInt(arguments[0]));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            AccessStore access = stores.access();
            Instant now = Instant.parse(arguments[2]);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<List<String>>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                String call = arguments[1] + "-" + t;
                all.add(threads.submit(() -> {
                    go.await();
                    List<String> got = new ArrayList<>();
                    for (int i = 0; i < APPROVALS; i++) {
                        if (access.use(id(i), call + "-" + i, 1, now)) {
                            got.add(id(i));
                        }
                    }
                    return got;
                }));
            }
            System.out.println("ready");
            System.in.read();
            go.countDown();
            List<String> got = new ArrayList<>();
            for (Future<List<String>> one : all) {
                got.addAll(one.get());
            }
            System.out.println(String.join(" ", got));
        }
    }

    @Test
    void anApprovalIsUsedOnce() throws Exception {
        int port = SharedServers.postgres().port();
        Instant now = Instant.parse("2026-11-01T00:00:00Z");
        List<Process> processes = new ArrayList<>();
        try (SecurityStores stores = stores(port)) {
            for (int i = 0; i < APPROVALS; i++) {
                Approval asked = approval(i, now);
                assertThat(stores.access().request(asked, APPROVALS, now)).isPresent();
                assertThat(stores.access().decide(asked.id(), Approval.Status.APPROVED, "bob", now, null))
                        .isTrue();
            }
            List<BufferedReader> outputs = new ArrayList<>();
            for (String name : List.of("first", "second")) {
                Process process = start(port, name, now);
                processes.add(process);
                outputs.add(process.inputReader(StandardCharsets.UTF_8));
            }
            for (BufferedReader output : outputs) {
                assertThat(output.readLine()).isEqualTo("ready");
            }
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            List<String> used = new ArrayList<>();
            for (BufferedReader output : outputs) {
                used.addAll(List.of(output.readLine().split(" ")));
            }
            used.remove("");
            assertThat(used)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, APPROVALS)
                            .mapToObj(TwoProcessesTest::id)
                            .toList());
        } finally {
            processes.forEach(Process::destroyForcibly);
            for (Process process : processes) {
                process.waitFor();
            }
            try (Connection connection = SharedServers.postgres().dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
            }
        }
    }

    private static Approval approval(int number, Instant now) {
        return new Approval(
                id(number),
                Approval.Purpose.CALL,
                "4:acme:ann",
                "ann",
                "acme",
                Target.Kind.TOOL,
                "drop",
                "digest-" + number,
                "pin",
                "{}",
                Approval.Status.PENDING,
                now,
                now.plus(Duration.ofHours(1)),
                null,
                null,
                null,
                0);
    }

    private static Process start(int port, String name, Instant now) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TwoProcessesTest.class.getName(),
                        Integer.toString(port),
                        name,
                        now.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
