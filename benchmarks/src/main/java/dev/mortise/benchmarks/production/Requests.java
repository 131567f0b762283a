package dev.mortise.benchmarks.production;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The fixed mix: what somebody asks for next, by a random that is the same each time. A request counts as answered well by
 * what is in its answer. Not thread-safe.
 */
final class Requests {
    /** One that is to be sent. */
    record Request(Kind kind, int user, boolean tool, byte[] bytes) {}

    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"load\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}";
    private static final String[] TOPICS = {"oak", "beech", "maple", "walnut", "cherry", "ash", "elm", "birch"};

    private final Users users;
    private final boolean knowledge;
    private final SplittableRandom random = new SplittableRandom(20_261_123);
    private int number;

    /** @param knowledge whether documents can be ingested and searched; memories are, otherwise */
    Requests(Users users, boolean knowledge) {
        this.users = users;
        this.knowledge = knowledge;
    }

    Request next() {
        int user = random.nextInt(users.count());
        int dice = random.nextInt(100);
        for (Kind kind : Kind.values()) {
            dice -= kind.percent();
            if (dice < 0) {
                return next(kind, user);
            }
        }
        throw new IllegalStateException("The mix has less than a hundred parts");
    }

    private Request next(Kind kind, int user) {
        number++;
        return switch (kind) {
            case SMALL -> small(user);
            case SEARCH -> search(user);
            case READ -> read(user);
            case TASK ->
                tool(
                        kind,
                        user,
                        "query_table",
                        "{\"csv\":\"wood,price\\noak,%d\\nash,7\\nelm,9\",\"sql\":\"SELECT sum(price) AS s FROM data\"}"
                                .formatted(number % 1_000));
            case INGEST -> ingest(user);
        };
    }

    private Request small(int user) {
        return switch (number % 4) {
            case 0 -> tool(Kind.SMALL, user, "calculate", "{\"expression\":\"(" + number + " + 4) * 2.5\"}");
            case 1 ->
                tool(Kind.SMALL, user, "convert_units", "{\"value\":" + number + ",\"from\":\"m\",\"to\":\"ft\"}");
            case 2 -> tool(Kind.SMALL, user, "count_text", "{\"text\":\"" + topic() + " and " + topic() + "\"}");
            default -> tool(Kind.SMALL, user, "current_time", "{\"zone\":\"Europe/Berlin\"}");
        };
    }

    private Request search(int user) {
        return knowledge
                ? tool(Kind.SEARCH, user, "search_knowledge", "{\"query\":\"" + topic() + " board\",\"limit\":5}")
                : tool(Kind.SEARCH, user, "recall", "{\"about\":\"" + topic() + "\",\"limit\":5}");
    }

    private Request read(int user) {
        return switch (number % 3) {
            case 0 -> post(Kind.READ, user, "tools/list", "", "");
            case 1 -> post(Kind.READ, user, "resources/read", "mortise://units", "\"uri\":\"mortise://units\",");
            default -> tool(Kind.READ, user, "list_memories", "{\"limit\":5}");
        };
    }

    private Request ingest(int user) {
        String text = "Board %d is of %s and %s.".formatted(number, topic(), topic());
        return knowledge
                ? tool(
                        Kind.INGEST,
                        user,
                        "ingest_document",
                        "{\"name\":\"board-" + number + ".txt\",\"text\":\"" + text + "\"}")
                : tool(Kind.INGEST, user, "remember", "{\"text\":\"" + text + "\"}");
    }

    private String topic() {
        return TOPICS[random.nextInt(TOPICS.length)];
    }

    /** @param arguments an object */
    Request tool(Kind kind, int user, String name, String arguments) {
        return post(kind, user, "tools/call", name, "\"name\":\"" + name + "\",\"arguments\":" + arguments + ",");
    }

    /** @param more members of the parameters, each with a comma behind it */
    Request post(Kind kind, int user, String method, String name, String more) {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":" + number + ",\"method\":\"" + method + "\",\"params\":{" + more
                + META + "}}";
        String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: "
                + method + "\r\n" + (name.isEmpty() ? "" : "Mcp-Name: " + name + "\r\n") + "Authorization: Bearer "
                + users.token(user) + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return new Request(kind, user, method.equals("tools/call"), (head + body).getBytes(StandardCharsets.US_ASCII));
    }
}
