package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What tasks of 2025-11-25 ask and tell while they run. */
class LegacyTaskMessagesTest extends LegacyTaskServer {
    @Test
    void questionsOfATaskComeWhereItsResultIsWaitedFor() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        until(client, id, "input_required");
        Conversation waiting = client.open("tasks/result", id(id));
        Message.Request asked = waiting.nextRequest();
        assertThat(asked.method()).isEqualTo("elicitation/create");
        assertThat(asked.params().at(RELATED).stringValue()).isEqualTo(id);
        assertThat(asked.params().path("message").stringValue()).isEqualTo("Sure?");

        // The client has lost it, and asks once more: the question is put again, and one answer is enough.
        Conversation again = client.open("tasks/result", id(id));
        client.answer(again.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        Received first = waiting.end();
        assertThat(first.result().at("/content/0/text").stringValue()).isEqualTo("sure: true");
        assertThat(first.notifications()).anySatisfy(withdrawn -> {
            assertThat(withdrawn.method()).isEqualTo("notifications/cancelled");
            assertThat(withdrawn.params().at(RELATED).stringValue()).isEqualTo(id);
        });
        assertThat(again.end().result()).isEqualTo(first.result());
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void aClientThatDoesNotAnswerEndsItsTask() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        Conversation waiting = client.open("tasks/result", id(id));
        client.post(new String(
                MessageCodec.encode(
                        new Message.Failure(waiting.nextRequest().id(), JsonRpcError.of(-1, "User rejected it"))),
                StandardCharsets.UTF_8));
        assertThat(waiting.end().error().message()).contains("User rejected it");
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("failed");
        String other = begin(client, "asks");
        waiting = client.open("tasks/result", id(other));
        client.answer(waiting.nextRequest(), "{'nonsense':1}");
        assertThat(waiting.end().error().code()).isEqualTo(424);
    }

    @Test
    void aTaskThatWaitsForAnAnswerCanBeCancelled() {
        LegacyClient client = client();
        String id = begin(client, "asks");
        Conversation waiting = client.open("tasks/result", id(id));
        Message.Request asked = waiting.nextRequest();
        client.send("tasks/cancel", id(id)).result();
        assertThat(waiting.end().error().message()).contains("cancelled");
        client.answer(asked, "{'action':'accept','content':{'yes':true}}");
        assertThat(get(client, id).path("status").stringValue()).isEqualTo("cancelled");
    }

    @Test
    void theSessionIsToldOfProgressForTheWholeLifeOfATask() {
        LegacyClient client = client();
        try (Conversation stream = client.listen()) {
            String id = call(client, "reports", "'task':{},'_meta':{'progressToken':'mill'}")
                    .result()
                    .at("/task/taskId")
                    .stringValue();
            Message.Notification first = stream.next();
            assertThat(first.method()).isEqualTo("notifications/progress");
            assertThat(first.params().path("progressToken").stringValue()).isEqualTo("mill");
            assertThat(first.params().path("progress").doubleValue()).isEqualTo(1);
            assertThat(first.params().path("total").doubleValue()).isEqualTo(10);
            assertThat(first.params().path("message").stringValue()).isEqualTo("Milling");
            assertThat(first.params().at(RELATED).stringValue()).isEqualTo(id);
            further.countDown();
            assertThat(stream.next().params().path("progress").doubleValue()).isEqualTo(2);
            finish.countDown();
            Message.Notification ended = stream.next();
            assertThat(ended.method()).isEqualTo("notifications/tasks/status");
            assertThat(ended.params().path("status").stringValue()).isEqualTo("completed");
            assertThat(ended.params().has("_meta")).isFalse();
        }
    }

    @Test
    void progressComesWithTheResultWhereThereIsNoOtherStream() {
        LegacyClient client = client();
        String id = call(client, "reports", "'task':{},'_meta':{'progressToken':7}")
                .result()
                .at("/task/taskId")
                .stringValue();
        Conversation waiting = client.open("tasks/result", id(id));
        assertThat(waiting.next().params().path("progress").doubleValue()).isEqualTo(1);
        further.countDown();
        Message.Notification second = waiting.next();
        assertThat(second.params().path("progress").doubleValue()).isEqualTo(2);
        assertThat(second.params().path("progressToken").intValue()).isEqualTo(7);
        finish.countDown();
        assertThat(waiting.end().notifications()).hasSize(2);
    }
}
