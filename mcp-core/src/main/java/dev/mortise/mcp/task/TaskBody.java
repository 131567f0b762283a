package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a store keeps of a task without looking into it.
 *
 * @param call how to go on with the call; empty once nobody will
 * @param repeatable whether the tool says that it may be run again
 * @param questions how many were ever asked: each gets a key of its own on the wire
 * @param inputs what is asked now, by the keys on the wire
 * @param answers what was answered in this round, by the keys of the questions
 * @param ending how it ended, for those who charge for it; {@code null} before that, and in rows of earlier versions
 */
record TaskBody(
        String tool,
        JsonNode call,
        boolean repeatable,
        @Nullable String message,
        int questions,
        Map<String, Input> inputs,
        Map<String, JsonNode> answers,
        @Nullable JsonNode result,
        @Nullable JsonNode error,
        @Nullable Client client,
        Settlement.@Nullable Ending ending) {
    /**
     * A client of a revision that knows sessions, and is told of its tasks there.
     *
     * @param token what progress is told under; {@code null} if the client does not want to know
     * @param progress the latest
     * @param told how much of it some stream has told
     */
    record Client(
            String session,
            @Nullable JsonNode token,
            @Nullable Progress progress,
            @Nullable Double told) {
        static Client of(String session, @Nullable JsonNode token) {
            return new Client(session, token, null, null);
        }

        Client at(Progress newest) {
            return token == null ? this : new Client(session, token, newest, told);
        }

        /** What is to be told under the token now; the value grows with each. */
        @Nullable
        Progress untold() {
            return progress != null && (told == null || progress.value() > told) ? progress : null;
        }

        Client afterTelling() {
            return progress == null ? this : new Client(session, token, progress, progress.value());
        }
    }

    /** How far the work is. */
    record Progress(
            double value, @Nullable Double total, @Nullable String message) {}

    /** A question as the client sees it, and the key that the handler knows it by. */
    record Input(String key, JsonNode request) {}

    TaskBody {
        inputs = new LinkedHashMap<>(inputs);
        answers = new LinkedHashMap<>(answers);
    }

    static TaskBody begun(String tool, JsonNode call, boolean repeatable, @Nullable Client client) {
        return new TaskBody(tool, call, repeatable, null, 0, Map.of(), Map.of(), null, null, client, null);
    }

    static TaskBody read(String json) {
        return Json.mapper().readValue(json, TaskBody.class);
    }

    String write() {
        return Json.mapper().writeValueAsString(this);
    }

    TaskBody saying(String text, Progress progress) {
        Client knowing = client == null ? null : client.at(progress);
        return new TaskBody(tool, call, repeatable, text, questions, inputs, answers, result, error, knowing, ending);
    }

    /** The client was told of the progress so far. */
    TaskBody told() {
        Client knowing = client == null ? null : client.afterTelling();
        return new TaskBody(
                tool, call, repeatable, message, questions, inputs, answers, result, error, knowing, ending);
    }

    TaskBody withCall(JsonNode other) {
        return new TaskBody(
                tool, other, repeatable, message, questions, inputs, answers, result, error, client, ending);
    }

    TaskBody asking(JsonNode paused, Map<String, Input> asked) {
        int all = questions + asked.size();
        return new TaskBody(tool, paused, repeatable, null, all, asked, Map.of(), null, null, client, null);
    }

    TaskBody answered(Map<String, Input> open, Map<String, JsonNode> all) {
        return new TaskBody(tool, call, repeatable, null, questions, open, all, null, null, client, null);
    }

    TaskBody ended(JsonNode charges, TaskEnd end) {
        return new TaskBody(
                tool,
                charges,
                repeatable,
                end.message(),
                questions,
                Map.of(),
                Map.of(),
                end.result(),
                end.error(),
                client,
                end.ending());
    }

    /** Without arguments, answers and results, so that they do not get into a log. */
    @Override
    public String toString() {
        return "TaskBody[" + tool + "]";
    }

    /** Nothing is left to be done: the arguments need not be kept. */
    TaskBody settled() {
        return withCall(Json.object());
    }
}
