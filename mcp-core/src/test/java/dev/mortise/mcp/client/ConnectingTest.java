package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that find no session wait for one attempt, each for as long as it may. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectingTest {
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicReference<Integer> refusal = new AtomicReference<>();

    /** A call on a thread of its own, and how it ended. */
    private static final class Caller {
        private final AtomicReference<Throwable> thrown = new AtomicReference<>();
        private final Thread thread;

        Caller(McpClient client, CallOptions options) {
            this.thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    client.callTool("x", Map.of(), options);
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
        }

        /** Until it waits; with a limit or without one. */
        Caller awaitState(Thread.State state) {
            while (thread.getState() != state) {
                assertThat(thread.isAlive()).as("still waiting").isTrue();
                Thread.onSpinWait();
            }
            return this;
        }

        Throwable end() throws InterruptedException {
            thread.join();
            return thrown.get();
        }
    }

    /** A server that takes its time to say who it is. */
    private ScriptedServer slow() throws IOException {
        return ScriptedServer.start(request -> {
            if (!request.method().equals("server/discover")) {
                request.result("{'resultType':'complete','content':[]}");
                return;
            }
            answer.await();
            if (refusal.get() != null) {
                request.status(refusal.get());
            } else {
                request.result(ScriptedServer.DISCOVERED);
            }
        });
    }

    private static McpClient client(ScriptedServer server) {
        return McpClient.http(server.uri()).build();
    }

    @Test
    void isDoneOnceForAllWhoWait() throws Exception {
        refusal.set(503);
        try (ScriptedServer server = slow();
                McpClient client = client(server)) {
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(new Caller(client, CallOptions.DEFAULT).awaitState(Thread.State.TIMED_WAITING));
            }
            answer.countDown();
            for (Caller caller : callers) {
                assertThat(caller.end())
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                e -> assertThat(e.status()).hasValue(503));
            }
            assertThat(server.requests("server/discover")).hasSize(1);
            refusal.set(null);
            client.callTool("x", Map.of());
            assertThat(server.requests("server/discover")).hasSize(2);
        }
    }

    @Test
    void goesOnWhenACallThatWaitedHasReachedItsLimit() throws Exception {
        try (ScriptedServer server = slow();
                McpClient client = client(server)) {
            CallOptions hasty = CallOptions.DEFAULT.timeout(Duration.ofMillis(1));
            assertThatThrownBy(() -> client.callTool("x", Map.of(), hasty))
                    .isInstanceOf(CallTimeoutException.class)
                    .hasMessageContaining("was not sent");
            assertThatThrownBy(() -> client.callTool("x", Map.of(), CallOptions.DEFAULT.maxTime(Duration.ofMillis(1))))
                    .isInstanceOf(CallTimeoutException.class);
            answer.countDown();
            client.callTool("x", Map.of());
            assertThat(server.requests("server/discover")).hasSize(1);
            assertThat(server.requests("tools/call")).hasSize(1);
        }
    }

    @Test
    void doesNotHoldWhoGivesUp() throws Exception {
        try (ScriptedServer server = slow();
                McpClient client = client(server)) {
            CancelSignal signal = new CancelSignal();
            Caller cancelled =
                    new Caller(client, CallOptions.DEFAULT.cancelledBy(signal)).awaitState(Thread.State.TIMED_WAITING);
            Caller interrupted = new Caller(client, CallOptions.DEFAULT).awaitState(Thread.State.TIMED_WAITING);
            signal.cancel();
            assertThat(cancelled.end()).isInstanceOf(CallCancelledException.class);
            interrupted.thread.interrupt();
            assertThat(interrupted.end()).isInstanceOf(CallCancelledException.class);
            assertThat(server.requests("tools/call")).isEmpty();
            answer.countDown();
            client.callTool("x", Map.of());
            assertThat(server.requests("server/discover")).hasSize(1);
        }
    }

    @Test
    void endsWithItsClient() throws Exception {
        try (ScriptedServer server = slow()) {
            McpClient client = client(server);
            Caller caller = new Caller(client, CallOptions.DEFAULT).awaitState(Thread.State.TIMED_WAITING);
            client.close();
            assertThat(caller.end())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("The client was closed");
            answer.countDown();
        }
    }

    /** The limit stands still: the caller waits without one. */
    @Test
    void countsNoTimeThatAPersonTakes() throws Exception {
        CountDownLatch signedIn = new CountDownLatch(1);
        HttpAuthorization person = new HttpAuthorization() {
            @Override
            public Map<String, String> fields(Request request) throws IOException {
                try {
                    signedIn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return Map.of();
            }

            @Override
            public Verdict answered(
                    Request request, Map<String, String> sent, int status, Function<String, List<String>> fields) {
                return Verdict.ACCEPT;
            }
        };
        try (ScriptedServer server = slow();
                McpClient client = McpClient.to(HttpEndpoint.of(server.uri()).authorization(person))
                        .build()) {
            answer.countDown();
            Caller caller = new Caller(client, CallOptions.DEFAULT).awaitState(Thread.State.WAITING);
            signedIn.countDown();
            assertThat(caller.end()).isNull();
        }
    }
}
