package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients with sessions see of two replicas: one server. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyReplicasTest {
    private static final String WRITE = "{\"name\":\"write_note\",\"arguments\":{\"text\":\"x\"}}";

    @TempDir
    static Path directory;

    private static Processes processes;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        processes = Processes.start(directory);
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() throws Exception {
        if (processes != null) {
            http.shutdownNow();
            processes.close();
        }
    }

    private static LegacySession session() throws Exception {
        LegacySession session = LegacySession.begin(http, processes.proxy());
        session.initialized();
        return session;
    }

    @Test
    void whatOneReplicaAsksIsAnsweredThroughTheOther() throws Exception {
        LegacySession session = session();
        int elsewhere = 0;
        for (int i = 0; i < 10; i++) {
            try (LegacySession.Events call = session.request("tools/call", "{\"name\":\"delete_note\"}")) {
                JsonNode question = call.next();
                assertThat(question.path("method").stringValue("")).isEqualTo("elicitation/create");
                HttpResponse<String> answered = session.tell("{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id")
                        + ",\"result\":{\"action\":\"accept\",\"content\":{\"yes\":true}}}");
                assertThat(answered.statusCode()).isEqualTo(202);
                assertThat(call.next().at("/result/content/0/text").stringValue(""))
                        .isEqualTo("Deleted.");
                String other = answered.headers().firstValue("X-Replica").orElseThrow();
                elsewhere += other.equals(call.replica()) ? 0 : 1;
            }
        }
        assertThat(elsewhere).as("nginx took turns").isPositive();
    }

    private record Begun(String task, String replica) {}

    /** Calls a tool as a task, at whichever replica it is the turn of. */
    private static Begun begin(LegacySession session, String tool, String arguments) throws Exception {
        try (LegacySession.Events call = session.request(
                "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"task\":{}}")) {
            return new Begun(call.next().at("/result/task/taskId").stringValue(), call.replica());
        }
    }

    @Test
    void aTaskBegunAtOneReplicaIsAnsweredAndEndsAtTheOther() throws Exception {
        LegacySession session = session();
        int elsewhere = 0;
        for (int i = 0; i < 9; i++) {
            Begun begun = begin(session, "delete_note", "{}");
            String id = "{\"taskId\":\"" + begun.task() + "\"}";
            try (LegacySession.Events result = session.request("tasks/result", id)) {
                JsonNode question = result.next();
                assertThat(question.path("method").stringValue("")).isEqualTo("elicitation/create");
                assertThat(question.at("/params/_meta/io.modelcontextprotocol~1related-task/taskId")
                                .stringValue(""))
                        .isEqualTo(begun.task());
                session.tell("{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id")
                        + ",\"result\":{\"action\":\"accept\",\"content\":{\"yes\":true}}}");
                assertThat(result.next().at("/result/content/0/text").stringValue(""))
                        .isEqualTo("Deleted.");
                elsewhere += result.replica().equals(begun.replica()) ? 0 : 1;
            }
            // An odd number of requests, so that the next round begins at the other.
            assertThat(session.result("tasks/get", id).path("status").stringValue())
                    .isEqualTo("completed");
            if (i % 2 == 0) {
                session.result("ping", "{}");
            }
        }
        assertThat(elsewhere).as("nginx took turns").isPositive();
    }

    @Test
    void aTaskWhoseReplicaIsKilledFailsAndSaysWhy() throws Exception {
        LegacySession session = session();
        Begun begun = begin(session, "archive_note", "{\"metres\":600}");
        int dead = begun.replica().equals(processes.address(0)) ? 0 : 1;
        String id = "{\"taskId\":\"" + begun.task() + "\"}";
        try {
            LegacySession.Events result = session.request("tasks/result", id);
            while (result.replica().equals(begun.replica())) {
                result.close();
                result = session.request("tasks/result", id);
            }
            try (LegacySession.Events waiting = result) {
                processes.killReplica(dead);
                JsonNode answer = waiting.next();
                assertThat(answer.at("/error/message").stringValue("")).contains("stopped before it was done");
            }
            JsonNode task = session.result("tasks/get", id);
            assertThat(task.path("status").stringValue()).isEqualTo("failed");
            assertThat(task.path("statusMessage").stringValue()).contains("stopped before it was done");
        } finally {
            processes.startReplica(dead);
        }
    }

    @Test
    void aStreamIsResumedAtTheOtherReplica() throws Exception {
        LegacySession session = session();
        session.result("resources/subscribe", "{\"uri\":\"" + Notes.URI + "\"}");
        String first;
        String second;
        String replica;
        try (LegacySession.Events events = session.listen("")) {
            replica = events.replica();
            session.result("tools/call", WRITE);
            assertUpdated(events.next());
            first = events.lastId();
            session.result("tools/call", WRITE);
            assertUpdated(events.next());
            second = events.lastId();
        }
        assertThat(second).isNotEqualTo(first).isNotEmpty();
        boolean elsewhere = false;
        while (!elsewhere) {
            try (LegacySession.Events resumed = session.listen(first)) {
                assertUpdated(resumed.next());
                assertThat(resumed.lastId()).isEqualTo(second);
                elsewhere = !resumed.replica().equals(replica);
                if (elsewhere) {
                    session.result("tools/call", WRITE);
                    assertUpdated(resumed.next());
                }
            }
        }
    }

    private static void assertUpdated(JsonNode message) {
        assertThat(message.path("method").stringValue("")).isEqualTo("notifications/resources/updated");
        assertThat(message.at("/params/uri").stringValue("")).isEqualTo(Notes.URI);
    }

    @Test
    void killingAReplicaLosesNoSessionThatWasAcknowledged() throws Exception {
        Queue<LegacySession> acknowledged = new ConcurrentLinkedQueue<>();
        CountDownLatch half = new CountDownLatch(100);
        Semaphore atOnce = new Semaphore(16);
        List<Future<?>> beginners = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                beginners.add(threads.submit(() -> {
                    // Whoever is cut off begins again, as any client would.
                    while (true) {
                        atOnce.acquire();
                        try {
                            acknowledged.add(LegacySession.begin(http, processes.proxy()));
                            half.countDown();
                            return null;
                        } catch (IOException e) {
                            assertThat(half.getCount())
                                    .as("before anything was killed")
                                    .isZero();
                        } finally {
                            atOnce.release();
                        }
                    }
                }));
            }
            assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
            processes.killReplica(0);
        }
        for (Future<?> beginner : beginners) {
            beginner.get();
        }
        try {
            assertThat(acknowledged).hasSize(200);
            for (LegacySession session : acknowledged) {
                session.initialized();
                assertThat(session.result("tools/list", "{}").path("tools"))
                        .anyMatch(tool -> tool.path("name").asString().equals("write_note"));
            }
        } finally {
            processes.startReplica(0);
        }
    }
}
