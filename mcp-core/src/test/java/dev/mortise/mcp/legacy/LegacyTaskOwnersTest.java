package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.transport.Conversation;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whose tasks of 2025-11-25 are whose, and where they are found. */
class LegacyTaskOwnersTest extends LegacyTaskServer {
    @Test
    void tasksAreListedPageByPageToTheirOwnerAlone() {
        LegacyClient client = client();
        Set<String> mine = new HashSet<>();
        for (int i = 0; i < 110; i++) {
            mine.add(begin(client, "only"));
        }
        caller = Caller.of("bob");
        LegacyClient other = client();
        String theirs = begin(other, "waits");
        assertThat(other.send("tasks/list", "{}").result().path("tasks")).hasSize(1);
        String one = mine.iterator().next();
        for (String method : new String[] {"tasks/get", "tasks/result", "tasks/cancel"}) {
            assertThat(other.send(method, id(one)).error())
                    .isEqualTo(other.send(method, id("none")).error());
        }
        caller = Caller.of("ada");
        JsonNode first = client.send("tasks/list", "{}").result();
        assertThat(first.path("tasks")).hasSize(100);
        assertThat(first.has("_meta")).isFalse();
        JsonNode second = client.send(
                        "tasks/list", "{'cursor':'" + first.path("nextCursor").stringValue() + "'}")
                .result();
        assertThat(second.path("tasks")).hasSize(10);
        assertThat(second.has("nextCursor")).isFalse();
        Set<String> listed = new HashSet<>();
        first.path("tasks").forEach(task -> listed.add(task.path("taskId").stringValue()));
        second.path("tasks").forEach(task -> listed.add(task.path("taskId").stringValue()));
        assertThat(listed).isEqualTo(mine).doesNotContain(theirs);
        // The same caller in another session.
        assertThat(get(client(), one).path("taskId").stringValue()).isEqualTo(one);
    }

    @Test
    void anonymousTasksBelongToTheirSession() {
        McpServer open = builder(new InMemoryTaskStore()).build();
        LegacyClient client = LegacyClient.of(open).begin("2025-11-25", ASKS);
        LegacyClient other = LegacyClient.of(open).begin("2025-11-25", ASKS);
        String id = begin(client, "waits");
        assertThat(get(client.from("203.0.113.9"), id).path("taskId").stringValue())
                .isEqualTo(id);
        assertThat(client.from("203.0.113.9").send("tasks/list", "{}").result().path("tasks"))
                .hasSize(1);
        assertThat(error(other.send("tasks/get", id(id)))).isEqualTo(JsonRpcError.INVALID_PARAMS);
        assertThat(other.send("tasks/list", "{}").result().path("tasks")).isEmpty();
        // One address cannot use up the room of all.
        for (int i = 1; i < 150; i++) {
            begin(client, "only");
        }
        assertThat(error(call(client, "only", "'task':{}"))).isEqualTo(429);
        assertThat(error(call(other, "only", "'task':{}"))).isEqualTo(429);
        LegacyClient elsewhere = LegacyClient.of(open).from("203.0.113.9").begin("2025-11-25", ASKS);
        assertThat(call(elsewhere, "only", "'task':{}").result().has("task")).isTrue();
        finish.countDown();
        open.close();
    }

    @Test
    void withoutSessionsThereIsNoList() {
        McpServer open = builder(new InMemoryTaskStore())
                .legacyClients(LegacyClients.stateless())
                .build();
        LegacyClient client = LegacyClient.of(open).with("MCP-Protocol-Version", "2025-11-25");
        JsonNode tasks = client.initialize("2025-11-25", "{}").result().at("/capabilities/tasks");
        assertThat(tasks.has("cancel")).isTrue();
        assertThat(tasks.has("list")).isFalse();
        assertThat(error(client.send("tasks/list", "{}"))).isEqualTo(JsonRpcError.METHOD_NOT_FOUND);
        String id = begin(client, "only");
        assertThat(client.send("tasks/result", id(id))
                        .result()
                        .at("/content/0/text")
                        .stringValue())
                .isEqualTo("done");
        open.close();
    }

    @Test
    void aTaskBegunAtOneReplicaIsAskedForAtAnother() {
        InMemorySessionStore sessions = new InMemorySessionStore(10, 10, Clock.systemUTC());
        SharedEvents events = new SharedEvents();
        InMemoryTaskStore tasks = new InMemoryTaskStore();
        ServerEvents changes = ServerEvents.local();
        LegacyClients shared =
                LegacyClients.withSessions().stores(sessions, events).pollInterval(Duration.ofMillis(20));
        McpServer a = builder(tasks).legacyClients(shared).events(changes).build();
        McpServer b = builder(tasks).legacyClients(shared).events(changes).build();
        LegacyClient atA = LegacyClient.of(a).begin("2025-11-25", ASKS);
        LegacyClient atB = atA.at(b);
        String id = call(atA, "reports", "'task':{},'_meta':{'progressToken':'t'}")
                .result()
                .at("/task/taskId")
                .stringValue();
        Conversation waiting = atB.open("tasks/result", id(id));
        assertThat(waiting.next().params().path("progress").doubleValue()).isEqualTo(1);
        further.countDown();
        finish.countDown();
        assertThat(waiting.end().result().at("/content/0/text").stringValue()).isEqualTo("ground");

        String asking = begin(atA, "asks");
        Conversation result = atB.open("tasks/result", id(asking));
        // Asked by B, answered through A.
        atA.answer(result.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        assertThat(result.end().result().at("/content/0/text").stringValue()).isEqualTo("sure: true");
        assertThat(atA.send("tasks/list", "{}").result().path("tasks")).hasSize(2);
        a.close();
        b.close();
    }
}
