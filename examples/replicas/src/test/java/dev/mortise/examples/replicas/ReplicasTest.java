package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of two replicas behind a proxy that sends each request to whichever comes next. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplicasTest {
    @TempDir
    static Path directory;

    private static Processes processes;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        processes = Processes.start(directory);
        client = new Client(processes.proxy());
    }

    @AfterAll
    static void stop() throws Exception {
        if (processes != null) {
            client.close();
            processes.close();
        }
    }

    private static Client.Answer ask() throws Exception {
        Client.Answer asked = client.call("delete_note", "");
        assertThat(asked.asks()).as(asked.body().toString()).isTrue();
        return asked;
    }

    @Test
    void aCallThatAsksIsContinuedAtTheOtherReplica() throws Exception {
        int elsewhere = 0;
        for (int i = 0; i < 10; i++) {
            Client.Answer asked = ask();
            Client.Answer deleted = client.confirm(asked.state());
            assertThat(deleted.text()).isEqualTo("Deleted.");
            elsewhere += deleted.replica().equals(asked.replica()) ? 0 : 1;
        }
        assertThat(elsewhere).as("nginx took turns").isPositive();
    }

    @Test
    void aConsentCountsOnceAtAllReplicasTogether() throws Exception {
        String state = ask().state();
        CyclicBarrier start = new CyclicBarrier(16);
        List<Future<Client.Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return client.confirm(state);
                }));
            }
        }
        List<String> replicas = new ArrayList<>();
        int deleted = 0;
        for (Future<Client.Answer> answer : answers) {
            replicas.add(answer.get().replica());
            if (answer.get().asks()) {
                continue;
            }
            assertThat(answer.get().text()).isEqualTo("Deleted.");
            deleted++;
        }
        assertThat(deleted).isEqualTo(1);
        assertThat(replicas).contains(processes.address(0), processes.address(1));
    }

    @Test
    void aListenerAtOneReplicaHearsWhatHappensAtTheOther() throws Exception {
        HttpResponse<Stream<String>> listening = client.listen();
        String replica = listening.headers().firstValue("X-Replica").orElseThrow();
        Iterator<String> events =
                listening.body().filter(line -> line.startsWith("data:")).iterator();
        assertThat(events.next()).contains("notifications/subscriptions/acknowledged");
        int elsewhere = 0;
        while (elsewhere < 3) {
            Client.Answer written = client.write("version " + elsewhere);
            assertThat(written.text()).isEqualTo("Written.");
            elsewhere += written.replica().equals(replica) ? 0 : 1;
            assertThat(events.next())
                    .contains("notifications/resources/updated")
                    .contains(Notes.URI);
        }
        listening.body().close();
    }

    @Test
    void theOtherReplicaContinuesWhatADeadOneHasAsked() throws Exception {
        List<String> states = new ArrayList<>();
        List<String> askedBy = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Client.Answer asked = ask();
            states.add(asked.state());
            askedBy.add(asked.replica());
        }
        assertThat(askedBy).contains(processes.address(0));
        processes.killReplica(0);
        try {
            for (String state : states) {
                Client.Answer deleted = client.confirm(state);
                assertThat(deleted.text()).isEqualTo("Deleted.");
                assertThat(deleted.replica()).endsWith(processes.address(1));
            }
        } finally {
            processes.startReplica(0);
        }
    }
}
