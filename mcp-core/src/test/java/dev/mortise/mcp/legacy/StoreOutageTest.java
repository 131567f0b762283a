package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.InMemoryEventStore;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.Received;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What clients with sessions see while the store of the sessions is down: that, and not that the server is broken. */
class StoreOutageTest {
    private final AtomicBoolean down = new AtomicBoolean();

    private final Clock clock = Clock.systemUTC();
    private final SessionStore memory = new InMemorySessionStore(10, 10, clock);
    private final SessionStore store = (SessionStore) Proxy.newProxyInstance(
            SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, method, arguments) -> {
                if (down.get()) {
                    throw new StoreUnavailable("No answer of Redis at 10.0.0.1");
                }
                try {
                    return method.invoke(memory, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    private McpServer replica() {
        return McpServer.builder("test", "1")
                .legacyClients(LegacyClients.withSessions().stores(store, new InMemoryEventStore(10, 1_000, 10_000)))
                .tool(Tool.named("plain").handle((in, call) -> "fine"))
                .build();
    }

    private static void assertUnavailable(Received received) {
        assertThat(received.reply().status()).isEqualTo(503);
        assertThat(received.reply().headers()).containsKey("Retry-After");
        assertThat(received.error().code()).isEqualTo(503);
        assertThat(received.error().message()).isEqualTo("Storage is unavailable");
    }

    @Test
    void everyKindOfMessageIsRefusedForNow() {
        // The session began at another replica, so that this one has to look for it.
        McpServer replica = replica();
        LegacyClient client =
                LegacyClient.of(replica()).begin("2025-11-25", "{}").at(replica);
        down.set(true);
        assertUnavailable(client.call("plain", "{}").end());
        assertUnavailable(client.post("{'jsonrpc':'2.0','method':'notifications/cancelled'}"));
        assertUnavailable(client.post("{'jsonrpc':'2.0','id':1,'result':{}}"));
        assertUnavailable(client.get().end());
        assertUnavailable(client.delete());
        // What has become a call is refused as calls of these revisions are: in a reply with status 200.
        assertThat(LegacyClient.of(replica)
                        .initialize("2025-11-25", "{}")
                        .error()
                        .code())
                .isEqualTo(503);
        down.set(false);
        assertThat(client.text("plain", "{}")).isEqualTo("fine");
    }

    @Test
    void aRefusedRequestIsNamed() {
        LegacyClient client =
                LegacyClient.of(replica()).begin("2025-11-25", "{}").at(replica());
        down.set(true);
        Received refused = client.open("tools/list", "{}", 4711).end();
        assertUnavailable(refused);
        assertThat(refused.reply().message())
                .isInstanceOfSatisfying(
                        Message.Failure.class, it -> assertThat(it.id()).hasToString("4711"));
    }
}
