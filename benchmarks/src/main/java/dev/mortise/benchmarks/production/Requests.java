package dev.mortise.benchmarks.production;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The fixed mix: what somebody asks for next, by a random that is the same each time. A request counts as answered well by
 * what is in its answer. Not thread-safe,
 * but for the tokens, which can be changed meanwhile.
 */
final class Requests {
    /**
     * One that is to be sent.
     *
     * @param tool that it calls; empty for none
     */
    record Request(Kind kind, int user, String tool, ByteBuffer bytes) {
        /** What it costs of the meter of calls; requests that call no tool are free. */
        int weight() {
            return switch (tool) {
                case "" -> 0;
                case "ingest_document" -> 2;
                default -> 1;
            };
        }
    }

    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"load\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}";
    private static final String[] TOPICS = {"oak", "beech", "maple", "walnut", "cherry", "ash", "elm", "birch"};

    private volatile Users users;
    private final SplittableRandom random = new SplittableRandom(20_261_123);
    private int number;

    Requests(Users users) {
        this.users = users;
    }

    /** With other tokens from now on. */
    void use(Users newUsers) {
        users = newUsers;
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
                        "{\"tables\":[{\"name\":\"woods\",\"csv\":\"wood,price\\noak,%d\\nash,7\\nelm,9\"}],\"sql\":\"SELECT sum(price) AS s FROM woods\"}"
                                .formatted(number % 1_000));
            case INGEST -> ingest(user);
        };
    }

    private Request small(int user) {
        return switch (number % 4) {
            case 0 -> tool(Kind.SMALL, user, "calculate", "{\"expression\":\"(" + number + " + 4) * 2.5\"}");
            case 1 ->
                tool(Kind.SMALL, user, "convert_units", "{\"value\":\"" + number + "\",\"from\":\"m\",\"to\":\"ft\"}");
            case 2 -> tool(Kind.SMALL, user, "count_text", "{\"text\":\"" + topic() + " and " + topic() + "\"}");
            default -> tool(Kind.SMALL, user, "current_time", "{\"zones\":[\"Europe/Berlin\"]}");
        };
    }

    private Request search(int user) {
        return number % 3 == 0
                ? tool(Kind.SEARCH, user, "recall", "{\"about\":\"" + topic() + "\",\"limit\":5}")
                : tool(Kind.SEARCH, user, "search_knowledge", "{\"query\":\"" + topic() + " board\",\"limit\":5}");
    }

    private Request read(int user) {
        return switch (number % 3) {
            case 0 -> post(Kind.READ, user, "tools/list", "", "");
            case 1 -> post(Kind.READ, user, "resources/read", "mortise://units", "\"uri\":\"mortise://units\",");
            default -> tool(Kind.READ, user, "list_memories", "{\"limit\":5}");
        };
    }

    /** By turns a memory and a document, each with a text of its own. */
    private Request ingest(int user) {
        String text = "Board %d is of %s and %s.".formatted(number, topic(), topic());
        return number % 2 == 0
                ? tool(Kind.INGEST, user, "remember", "{\"text\":\"" + text + "\"}")
                : tool(
                        Kind.INGEST,
                        user,
                        "ingest_document",
                        "{\"document\":\"board-" + number + "\",\"text\":\"" + text + "\"}");
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
        return new Request(
                kind, user, method.equals("tools/call") ? name : "", StandardCharsets.US_ASCII.encode(head + body));
    }
}
