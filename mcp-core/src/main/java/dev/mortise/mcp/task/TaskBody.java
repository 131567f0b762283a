package dev.mortise.mcp.task;

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
        @Nullable JsonNode error) {
    /** A question as the client sees it, and the key that the handler knows it by. */
    record Input(String key, JsonNode request) {}

    TaskBody {
        inputs = new LinkedHashMap<>(inputs);
        answers = new LinkedHashMap<>(answers);
    }

    static TaskBody begun(String tool, JsonNode call, boolean repeatable) {
        return new TaskBody(tool, call, repeatable, null, 0, Map.of(), Map.of(), null, null);
    }

    static TaskBody read(String json) {
        return Json.mapper().readValue(json, TaskBody.class);
    }

    String write() {
        return Json.mapper().writeValueAsString(this);
    }

    TaskBody saying(@Nullable String text) {
        return new TaskBody(tool, call, repeatable, text, questions, inputs, answers, result, error);
    }

    TaskBody asking(JsonNode paused, Map<String, Input> asked) {
        int all = questions + asked.size();
        return new TaskBody(tool, paused, repeatable, null, all, asked, Map.of(), null, null);
    }

    TaskBody answered(Map<String, Input> open, Map<String, JsonNode> all) {
        return new TaskBody(tool, call, repeatable, null, questions, open, all, null, null);
    }

    TaskBody ended(JsonNode charges, @Nullable String text, @Nullable JsonNode given, @Nullable JsonNode failed) {
        return new TaskBody(tool, charges, repeatable, text, questions, Map.of(), Map.of(), given, failed);
    }

    /** Without arguments, answers and results, so that they do not get into a log. */
    @Override
    public String toString() {
        return "TaskBody[" + tool + "]";
    }

    /** Nothing is left to be done: the arguments need not be kept. */
    TaskBody settled() {
        return new TaskBody(tool, Json.object(), repeatable, message, questions, inputs, answers, result, error);
    }
}
