package dev.mortise.mcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

/** Redis dies, hangs, and comes back. */
@Timeout(90)
class RedisOutageTest {
    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final Duration HEARTBEAT = Duration.ofMillis(300);

    private final Instant soon = Instant.now().plus(Duration.ofMinutes(10));
    private TestRedis server;
    private JedisRedis redis;
    private RedisStores stores;

    @BeforeEach
    void start() {
        server = TestRedis.start();
        redis = JedisRedis.connect(server.uri(), TIMEOUT, HEARTBEAT);
        stores = RedisStores.of(redis);
    }

    @AfterEach
    void stop() throws Exception {
        server.thaw();
        stores.close();
        redis.close();
        server.close();
    }

    @Test
    void nothingAcknowledgedIsLostByKillingItInTheMiddle() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger failures = new AtomicInteger();
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 8; w++) {
                int writer = w;
                writers.add(threads.submit(() -> {
                    for (int i = 0; going.get(); i++) {
                        String id = writer + "-" + i;
                        try {
                            if (store.claim(id, soon)) {
                                acknowledged.add(id);
                            }
                        } catch (StoreUnavailable e) {
                            failures.incrementAndGet();
                        }
                    }
                }));
            }
            Eventually.holds("much is written", () -> acknowledged.size() > 500);
            server.kill();
            int before = acknowledged.size();
            server.startAgain();
            Eventually.holds("writing goes on by itself", () -> acknowledged.size() > before + 500);
            going.set(false);
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(failures).as("the kill was noticed").hasPositiveValue();
        assertThat(acknowledged).noneMatch(id -> store.claim(id, soon));
    }

    @Test
    void whileItIsDownOperationsFailInTimeAndThenTheyWork() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        store.claim("before", soon);
        server.kill();
        for (int i = 0; i < 3; i++) {
            assertFailsInTime(() -> store.claim("meanwhile", soon));
        }
        server.startAgain();
        assertThat(store.claim("after", soon)).isTrue();
        assertThat(store.claim("before", soon)).isFalse();
    }

    @Test
    void whileItHangsOperationsFailInTimeAndThenTheyWork() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        store.claim("before", soon);
        server.freeze();
        for (int i = 0; i < 3; i++) {
            assertFailsInTime(() -> store.claim("meanwhile", soon));
        }
        server.thaw();
        Eventually.holds("it works again", () -> store.claim("after", soon));
        assertThat(store.claim("before", soon)).isFalse();
    }

    /** More callers than connections: nobody waits for longer than the time-out because others wait. */
    @Test
    void whileItHangsManyCallersFailInTime() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        store.claim("before", soon);
        server.freeze();
        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                callers.add(threads.submit(() -> assertFailsInTime(() -> store.claim("meanwhile", soon))));
            }
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        server.thaw();
        Eventually.holds("it works again", () -> store.claim("after", soon));
    }

    @Test
    void aScriptThatTheServerHasForgottenIsSentAgain() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        assertThat(store.claim("a", soon)).isTrue();
        try (RedisClient client = RedisClient.create(server.uri())) {
            client.scriptFlush();
        }
        assertThat(store.claim("b", soon)).isTrue();
    }

    @Test
    void anErrorOfAScriptIsTheSameException() {
        assertThatThrownBy(() -> redis.eval(Script.of("return redis.call('NONSENSE')"), List.of(), List.of()))
                .isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> redis.eval(Script.of("return 1"), List.of(), List.of()))
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void afterAKillListenersAreToldThatTheyMayHaveMissedSomething() throws Exception {
        missedAfter(server::kill, server::startAgain);
    }

    /** No connection breaks here: only the missing signs of life tell. */
    @Test
    void afterAHangListenersAreToldThatTheyMayHaveMissedSomething() throws Exception {
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        ServerEvents events = stores.serverEvents();
        events.subscribe(heard::add);
        awaitSubscription(heard);
        heard.clear();
        long before = connections();
        server.freeze();
        Eventually.holds("the subscription gave up its connection", () -> connections() < before);
        server.thaw();
        Eventually.holds("told", () -> heard.contains(new ServerEvent.Missed()));
    }

    /** Until a message that somebody else has published arrives. */
    private void awaitSubscription(List<ServerEvent> heard) {
        byte[] message = Text.bytes("{\"from\":\"test\",\"kind\":\"topic\",\"topic\":\"t\",\"key\":\"k\"}");
        Eventually.holds("subscribed", () -> {
            redis.publish(Text.bytes("mortise:events"), message);
            return heard.contains(new ServerEvent.TopicChanged("t", "k"));
        });
    }

    /** Those that are open on our side: asked of the kernel, since the server hangs. */
    private long connections() throws Exception {
        Process table = new ProcessBuilder("cat", "/proc/net/tcp", "/proc/net/tcp6").start();
        String hexPort = ":" + String.format("%04X", server.uri().getPort());
        return new String(table.getInputStream().readAllBytes())
                .lines()
                .map(String::strip)
                .filter(line -> line.split(" +")[2].endsWith(hexPort))
                .filter(line -> line.split(" +")[3].equals("01"))
                .count();
    }

    private interface Step {
        void run() throws Exception;
    }

    private void missedAfter(Step interruption, Step end) throws Exception {
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        ServerEvents events = stores.serverEvents();
        events.subscribe(heard::add);
        awaitSubscription(heard);
        heard.clear();
        interruption.run();
        // Published while nobody can hear it: told here at once, and there later.
        events.toolsChanged();
        assertThat(heard).contains(new ServerEvent.ToolsChanged());
        end.run();
        Eventually.holds("told", () -> heard.contains(new ServerEvent.Missed()));

        List<ServerEvent> heardByOther = new CopyOnWriteArrayList<>();
        try (JedisRedis second = JedisRedis.connect(server.uri(), TIMEOUT, HEARTBEAT);
                RedisStores others = RedisStores.of(second)) {
            others.serverEvents().subscribe(heardByOther::add);
            awaitSubscription(heardByOther);
            events.promptsChanged();
            Eventually.holds("events flow again", () -> heardByOther.contains(new ServerEvent.PromptsChanged()));
        }
    }

    @Test
    void whatWasPublishedDuringAnInterruptionIsSentAfterIt() throws Exception {
        List<byte[]> raw = new CopyOnWriteArrayList<>();
        stores.serverEvents().toolsChanged();
        server.kill();
        stores.serverEvents().resourceUpdated("test:///during");
        server.startAgain();
        try (JedisRedis second = JedisRedis.connect(server.uri(), TIMEOUT, HEARTBEAT);
                Redis.Subscription subscription =
                        second.subscribe(Text.bytes("mortise:events"), new Redis.Subscriber() {
                            @Override
                            public void subscribed() {}

                            @Override
                            public void message(byte[] message) {
                                raw.add(message);
                            }
                        })) {
            Eventually.holds(
                    "sent, or sent before anybody could hear it",
                    () -> raw.stream().anyMatch(message -> Text.of(message).contains("test:///during"))
                            || published("test:///after", raw));
        }
    }

    private boolean published(String uri, List<byte[]> raw) {
        stores.serverEvents().resourceUpdated(uri);
        return raw.stream().anyMatch(message -> Text.of(message).contains(uri));
    }

    @Test
    void aServerThatIsNotThereYetIsNoReasonNotToBegin() throws Exception {
        server.kill();
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        stores.serverEvents().subscribe(heard::add);
        server.startAgain();
        awaitSubscription(heard);
    }

    @Test
    void garbageOnTheChannelIsIgnored() throws Exception {
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        stores.serverEvents().subscribe(heard::add);
        awaitSubscription(heard);
        heard.clear();
        byte[] channel = Text.bytes("mortise:events");
        for (String garbage :
                List.of("", "{", "[]", "7", "{\"from\":7,\"kind\":[]}", "{\"from\":\"x\",\"kind\":\"new\"}")) {
            redis.publish(channel, Text.bytes(garbage));
        }
        redis.publish(channel, new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        redis.publish(channel, Text.bytes("{\"from\":\"x\",\"kind\":\"resource\"}"));
        redis.publish(channel, Text.bytes("{\"from\":\"x\",\"kind\":\"tools\",\"more\":1}"));
        Eventually.holds("the good one is heard", () -> heard.contains(new ServerEvent.ToolsChanged()));
        assertThat(heard)
                .doesNotContain(new ServerEvent.Missed())
                .allMatch(event -> !(event instanceof ServerEvent.ResourceUpdated));
    }

    @Test
    void aUriOfNothingIsRefusedAtOnce() {
        assertThatThrownBy(() -> JedisRedis.connect(URI.create("localhost"), TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RedisStores.of(redis).prefix("{a}")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertFailsInTime(Runnable operation) {
        long start = System.nanoTime();
        assertThatThrownBy(operation::run).isInstanceOf(StoreUnavailable.class);
        // Twice the time-out: two cores are shared with everything else that is tested.
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(TIMEOUT.multipliedBy(2).plusMillis(500));
    }
}
