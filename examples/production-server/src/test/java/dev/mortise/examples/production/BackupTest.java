package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A backup that is made while clients write, and what comes of it. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackupTest {
    private static final Map<String, String> BUSY =
            Map.of("CALLS_PER_MINUTE", "1000000", "REQUESTS_PER_MINUTE", "1000000");

    @TempDir
    Path home;

    @Test
    void whatWasAnsweredBeforeTheBackupIsInItWhatItHasFitsTogether() throws Exception {
        Path copy = home.resolve("copy");
        List<String> before;
        try (Service service = Service.start(home, BUSY);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String key = service.key(BUSY, "--subject", "ann", "--tenant", "acme");
            List<String> answered = new CopyOnWriteArrayList<>();
            CountDownLatch busy = new CountDownLatch(20);
            CountDownLatch enough = new CountDownLatch(1);
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 2; writer++) {
                String name = "w" + writer + "-";
                writers.add(threads.submit(() -> {
                    try (McpClient client = service.client(key)) {
                        String last = "";
                        for (int i = 0; enough.getCount() > 0; i++) {
                            // Each step after the one before it was answered.
                            String document = name + i;
                            call(client, "ingest_document", Map.of("document", document, "text", "Paper " + document));
                            String memory = call(client, "remember", Map.of("text", document))
                                    .path("id")
                                    .stringValue();
                            if (!last.isEmpty()) {
                                call(client, "forget", Map.of("id", last));
                            }
                            last = memory;
                            answered.add(document);
                            busy.countDown();
                        }
                    }
                    return null;
                }));
            }
            busy.await();
            before = List.copyOf(answered);
            Service.Ended made = Service.run(home, BUSY, "backup", copy.toString());
            assertThat(made.status()).as(made.err()).isZero();
            int then = answered.size();
            // They have written meanwhile, and go on.
            Service.within(Duration.ofSeconds(60), () -> answered.size() > then + 2);
            enough.countDown();
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(Service.run(home, BUSY, "backup", copy.toString()).err()).contains("exists already");
            service.stop();
        }

        Path other = Files.createDirectory(home.resolve("other"));
        Service.Ended restored = Service.run(other, BUSY, "restore", copy.toString());
        assertThat(restored.out()).as(restored.err()).contains("clean");
        assertThat(restored.status()).isZero();
        try (Service service = Service.start(other, BUSY)) {
            assertThat(service.adminKey()).as("its keys are there").isEmpty();
            String key = service.key(BUSY, "--subject", "ann", "--tenant", "acme");
            try (McpClient ann = service.client(key)) {
                Set<String> documents = documents(ann);
                assertThat(documents).containsAll(before);
                for (String writer : List.of("w0-", "w1-")) {
                    long papers = documents.stream()
                            .filter(name -> name.startsWith(writer))
                            .count();
                    long remembered = last(ann, writer);
                    // The memory of a paper was written after it, and before the next: of one instant, they differ by
                    // one.
                    assertThat(papers - 1).isBetween(remembered, remembered + 1);
                    assertThat(documents).contains(writer + (papers - 1));
                }
                JsonNode stats = call(ann, "knowledge_stats", Map.of());
                assertThat(call(ann, "my_usage", Map.of("days", 1))
                                .at("/days/0/storedBytes")
                                .asLong())
                        .as("what is accounted for is what is stored")
                        .isEqualTo(stats.path("bytes").asLong());
            }
            assertThat(Service.run(other, BUSY, "restore", copy.toString()).err())
                    .contains("not empty");
        }
    }

    private static long last(McpClient client, String writer) {
        return call(client, "list_memories", Map.of("limit", 200))
                .path("memories")
                .valueStream()
                .map(memory -> memory.path("text").stringValue())
                .filter(text -> text.startsWith(writer))
                .mapToLong(text -> Long.parseLong(text.substring(writer.length())))
                .max()
                .orElseThrow();
    }

    private static Set<String> documents(McpClient client) {
        Set<String> all = new TreeSet<>();
        Map<String, Object> next = Map.of("limit", 500);
        while (true) {
            JsonNode page = call(client, "list_documents", next);
            page.path("documents")
                    .forEach(document -> all.add(document.path("document").stringValue()));
            if (!page.path("more").booleanValue()) {
                return all;
            }
            JsonNode documents = page.path("documents");
            next = Map.of(
                    "limit",
                    500,
                    "after",
                    documents.path(documents.size() - 1).path("uri").stringValue());
        }
    }

    @Test
    void aDamagedBackupIsRefusedAndAWholeOneIsForItsOwner() throws Exception {
        assertThat(Service.run(home, Map.of(), "keys", "create", "--subject", "ann")
                        .status())
                .isZero();
        Path copy = home.resolve("copy");
        assertThat(Service.run(home, Map.of(), "backup", copy.toString()).status())
                .isZero();
        try (Stream<Path> files = Files.walk(copy)) {
            assertThat(files)
                    .contains(copy.resolve("manifest.json"))
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
        Path secret = copy.resolve("secret");
        Files.writeString(secret, "x" + Files.readString(secret));
        Path other = Files.createDirectory(home.resolve("other"));
        Service.Ended restored = Service.run(other, Map.of(), "restore", copy.toString());
        assertThat(restored.err()).contains("secret is not what it was");
        assertThat(restored.status()).isEqualTo(2);
        Files.delete(copy.resolve("manifest.json"));
        assertThat(Service.run(other, Map.of(), "restore", copy.toString()).err())
                .contains("no backup");
    }
}
