package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the records of one stream say about others: which records are erased, where streams end. It is believed as soon as
 * the chain leads from the record that says it to a checkpoint that the writer of the stream has signed. One that somebody
 * else signed at its end does not do: what is younger than the writer's last, nobody has vouched for who knew it. Not
 * thread-safe.
 */
final class Claims {
    private final Map<Long, Set<String>> signed = new HashMap<>();
    private final List<JsonNode> waiting = new ArrayList<>();
    private long last;
    private String lastHash = "";

    void signed(SignedCheckpoint checkpoint) {
        if (checkpoint.purpose() == SignedCheckpoint.Purpose.HEAD) {
            signed.computeIfAbsent(checkpoint.sequence(), at -> new HashSet<>()).add(checkpoint.hash());
        }
    }

    /** Whether the writer of the stream has signed anything. */
    boolean isBegun() {
        return !signed.isEmpty();
    }

    /** @param believed gets what is to be believed from now on: the member {@code log} of a body */
    void record(ChainedRecord record, Consumer<JsonNode> believed) {
        JsonNode claim = isBegun() ? claim(record) : null;
        if (claim == null && waiting.isEmpty()) {
            return;
        }
        boolean follows = record.sequence() == last + 1 && record.previous().equals(lastHash);
        boolean isSound = record.isOriginally(record.sequence());
        if (!follows || !isSound) {
            waiting.clear();
        }
        if (!isSound) {
            return;
        }
        if (claim != null) {
            waiting.add(claim);
        }
        last = record.sequence();
        lastHash = record.hash();
        if (signed.getOrDefault(last, Set.of()).contains(lastHash)) {
            waiting.forEach(believed);
            waiting.clear();
        }
    }

    private static @Nullable JsonNode claim(ChainedRecord record) {
        if (!record.commitment().isEmpty() || !record.body().contains("\"log\":{")) {
            return null;
        }
        try {
            return Json.read(record.body().getBytes(StandardCharsets.UTF_8)).path("log");
        } catch (Json.InvalidJson e) {
            // Whoever follows the chain finds it.
            return null;
        }
    }
}
