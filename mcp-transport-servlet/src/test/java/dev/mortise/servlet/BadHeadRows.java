package dev.mortise.servlet;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests whose head is wrong: method, types, host, origin, mirrored fields, framing. */
final class BadHeadRows {
    private BadHeadRows() {}

    static List<BadInputRow> all() {
        BadInputRows rows = new BadInputRows();
        methodsAndTypes(rows);
        hostsAndOrigins(rows);
        mirroredHeaders(rows);
        mirroredArguments(rows);
        framing(rows);
        return rows.collected();
    }

    private static void methodsAndTypes(BadInputRows rows) {
        for (String method : List.of("GET", "DELETE", "PUT", "PATCH", "BREW")) {
            rows.row(method, BadInputRows.list().line(method + " /mcp HTTP/1.1"), 405, -32600);
        }
        rows.outside("TRACE", BadInputRows.list().line("TRACE /mcp HTTP/1.1"), 405);
        rows.row("no Content-Type", BadInputRows.list().without("Content-Type"), 415, -32600);
        for (String type : List.of(
                "text/plain",
                "application/jsonp",
                "application/json, text/plain",
                "application/json;charset=utf-16",
                "application/json; charset=ISO-8859-1",
                "multipart/form-data; boundary=x",
                "*/*",
                "application/json\u00e9")) {
            rows.row("Content-Type " + type, BadInputRows.list().replacing("Content-Type", type), 415, -32600);
        }
        for (String encoding : List.of("gzip", "deflate", "br", "identity, gzip", "x")) {
            rows.row(
                    "Content-Encoding " + encoding,
                    BadInputRows.list().with("Content-Encoding", encoding),
                    415,
                    -32600);
        }
        for (String accept : List.of(
                "text/html", "image/*", "application/json;q=0, text/event-stream;q=0.000", "application/jsonp", ";")) {
            rows.row("Accept " + accept, BadInputRows.list().replacing("Accept", accept), 406, -32600);
        }
        rows.row(
                "Accept without events for a stream",
                BadInputRows.listen("{}").replacing("Accept", "application/json"),
                406,
                -32600);
    }

    private static void hostsAndOrigins(BadInputRows rows) {
        for (String host : List.of(
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil-localhost",
                "localhost.",
                "2130706433",
                "127.1",
                "0.0.0.0",
                "[::]",
                "[::ffff:127.0.0.1]",
                "xn--lcalhost-x0a")) {
            rows.row("Host " + host, BadInputRows.list().replacing("Host", host), 403, -32600);
        }
        for (String host : List.of(
                "127.0.0.1@evil.example",
                "localhost:80@evil.example",
                "[::1%25eth0]",
                "[::1",
                "localhost:http",
                "localhost:99999",
                "local host",
                "localhost,evil.example",
                "",
                "localhost/..",
                "l\u00f6calhost")) {
            rows.outside("Host '" + host + "'", BadInputRows.list().replacing("Host", host), 400, 403);
        }
        rows.outside("two Hosts", BadInputRows.list().with("Host", "evil.example"), 400, 403);
        rows.outside("no Host", BadInputRows.list().without("Host"), 400);
        for (String origin : List.of(
                "null",
                "http://evil.example",
                "http://localhost.evil.example",
                "http://127.0.0.1@evil.example",
                "http://evil.example#localhost",
                "http://localhost/",
                "http://localhost:80:80",
                "localhost",
                "file://",
                "file://localhost",
                "chrome-extension://localhost",
                "http://localhost http://evil.example",
                "http://l\u00f6calhost",
                "")) {
            rows.row("Origin '" + origin + "'", BadInputRows.list().with("Origin", origin), 403, -32600);
        }
        rows.row(
                "two Origins",
                BadInputRows.list().with("Origin", "http://localhost").with("Origin", "http://evil.example"),
                403,
                -32600);
        rows.row(
                "Origin of a preflight",
                BadInputRows.list().line("OPTIONS /mcp HTTP/1.1").with("Origin", "null"),
                403,
                -32600);
        rows.outside(
                "another authority in the request line",
                BadInputRows.list().line("POST http://evil.example/mcp HTTP/1.1"),
                200,
                400,
                403);
    }

    private static void mirroredHeaders(BadInputRows rows) {
        for (String name : List.of("MCP-Protocol-Version", "Mcp-Method")) {
            rows.row("no " + name, BadInputRows.list().without(name), 400, -32020);
            rows.row("empty " + name, BadInputRows.list().replacing(name, ""), 400, -32020);
            rows.row("other " + name, BadInputRows.list().replacing(name, "tools/call"), 400, -32020);
            rows.row("non-ASCII " + name, BadInputRows.list().replacing(name, "2026-07-28\u00e9"), 400, -32020);
            rows.row("two values of " + name, BadInputRows.list().with(name, "other"), 400, -32020);
            rows.row(
                    "encoded " + name, BadInputRows.list().replacing(name, "=?base64?dG9vbHMvbGlzdA==?="), 400, -32020);
        }
        rows.row("Mcp-Method in other case", BadInputRows.list().replacing("Mcp-Method", "Tools/List"), 400, -32020);
        rows.row("no Mcp-Name", BadInputRows.hello().without("Mcp-Name"), 400, -32020);
        for (String name : List.of(
                "other",
                "ECHO",
                "",
                "=?base64??=",
                "=?base64?ZWNob?=",
                "=?base64?ZWNobw?=",
                "=?base64?w6k=?=",
                "=?base64?/////w==?=",
                "=?BASE64?ZWNobw==?=",
                "echo\u00e9",
                "x".repeat(4000),
                BadInputRows.encoded("a" + "\ud83d\ude00".repeat(200)))) {
            rows.row(
                    "Mcp-Name " + BadInputRows.shown(name),
                    BadInputRows.hello().replacing("Mcp-Name", name),
                    400,
                    -32020);
        }
        rows.row("two Mcp-Names", BadInputRows.hello().with("Mcp-Name", "other"), 400, -32020);
        rows.row(
                "a URI that is not the body's",
                Post.of("resources/read", "'uri':'doc:///a'").with("Mcp-Name", "doc:///b"),
                400,
                -32020);
        rows.row("no Mcp-Name for a prompt", Post.of("prompts/get", "'name':'greet'"), 400, -32020);
    }

    private static void mirroredArguments(BadInputRows rows) {
        Post west = Post.call("route", "{'region':'west','n':42,'on':true}");
        rows.row("no Mcp-Param", west, 400, -32020);
        Post right =
                west.with("Mcp-Param-Region", "west").with("Mcp-Param-N", "42").with("Mcp-Param-On", "true");
        rows.row("Mcp-Param with another value", right.replacing("Mcp-Param-Region", "east"), 400, -32020);
        rows.row("Mcp-Param in other case", right.replacing("Mcp-Param-Region", "West"), 400, -32020);
        rows.row("Mcp-Param twice", right.with("Mcp-Param-Region", "west"), 400, -32020);
        rows.row("Mcp-Param with broken Base64", right.replacing("Mcp-Param-Region", "=?base64?%%%?="), 400, -32020);
        rows.row("Mcp-Param with other characters", right.replacing("Mcp-Param-Region", "w\u00e9st"), 400, -32020);
        rows.row("Mcp-Param with another number", right.replacing("Mcp-Param-N", "43"), 400, -32020);
        rows.row("Mcp-Param that is no number", right.replacing("Mcp-Param-N", "4 2"), 400, -32020);
        rows.row("Mcp-Param with an endless number", right.replacing("Mcp-Param-N", "1e999999999"), 400, -32020);
        rows.row("Mcp-Param with another boolean", right.replacing("Mcp-Param-On", "True"), 400, -32020);
        rows.row("Mcp-Param for nothing", Post.call("route", "{}").with("Mcp-Param-Region", "west"), 400, -32020);
        rows.row(
                "Mcp-Param for null",
                Post.call("route", "{'region':null}").with("Mcp-Param-Region", "null"),
                400,
                -32020);
        rows.row(
                "Mcp-Param with an unsafe integer",
                Post.call("route", "{'n':9007199254740993}").with("Mcp-Param-N", "9007199254740993"),
                400,
                -32020);
        rows.row(
                "Mcp-Param with an enormous integer",
                Post.call("route", "{'n':1e1000000000}").with("Mcp-Param-N", "1e1000000000"),
                400,
                -32020);
    }

    private static void framing(BadInputRows rows) {
        rows.row(
                "announced body of 64 MB",
                BadInputRows.list().with("Content-Length", "67108864").carrying(new byte[0]),
                413,
                -32600);
        rows.row(
                "announced body of 9 EB",
                BadInputRows.list().with("Content-Length", "9223372036854775807"),
                413,
                -32600);
        rows.row(
                "chunked body of 5 MB",
                BadInputRows.list().carrying(new byte[5 * 1024 * 1024]).inChunks(),
                413,
                -32600);
        rows.row("empty body", BadInputRows.list().carrying(new byte[0]), 400, -32700);
        rows.row(
                "empty chunked body",
                BadInputRows.list().with("Transfer-Encoding", "chunked").carrying(ascii("0\r\n\r\n")),
                400,
                -32700);
        rows.outside(
                "length that is too long for a number",
                BadInputRows.list().with("Content-Length", "9".repeat(40)),
                400,
                413);
        rows.outside("negative length", BadInputRows.list().with("Content-Length", "-1"), 400);
        rows.outside("length that is no number", BadInputRows.list().with("Content-Length", "ten"), 400);
        rows.outside(
                "two lengths", BadInputRows.list().with("Content-Length", "3").with("Content-Length", "4"), 400);
        rows.outside(
                "length and chunks",
                BadInputRows.list()
                        .with("Content-Length", "5")
                        .with("Transfer-Encoding", "chunked")
                        .carrying(ascii("0\r\n\r\n")),
                400);
        rows.outside("unknown transfer encoding", BadInputRows.list().with("Transfer-Encoding", "rot13"), 400, 501);
        rows.outside("chunks twice", BadInputRows.list().with("Transfer-Encoding", "chunked, chunked"), 400, 501);
        rows.outside(
                "chunk of no size",
                BadInputRows.list().with("Transfer-Encoding", "chunked").carrying(ascii("xyz\r\n")),
                400);
        rows.outside(
                "chunk of a size beyond all numbers",
                BadInputRows.list().with("Transfer-Encoding", "chunked").carrying(ascii("f".repeat(40) + "\r\n")),
                400);
        rows.outside("header of 100 KB", BadInputRows.list().with("X", "x".repeat(100_000)), 400, 431);
        rows.outside(
                "header line without a colon",
                new Post("POST /mcp HTTP/1.1", List.of("Host: localhost", "nonsense"), new byte[0], false),
                400);
        rows.outside("header name with a blank", BadInputRows.list().with("Mcp Method", "x"), 400);
        rows.outside("header with a NUL", BadInputRows.list().with("X", "a\0b"), 400);
        rows.outside("request line that is none", BadInputRows.list().line("HELLO"), 400);
        rows.outside("HTTP/9.9", BadInputRows.list().line("POST /mcp HTTP/9.9"), 400, 505);
        rows.outside(
                "path that leaves the root", BadInputRows.list().line("POST /../../etc/passwd HTTP/1.1"), 400, 404);
        rows.outside("encoded path separators", BadInputRows.list().line("POST /x%2f..%2fmcp HTTP/1.1"), 400, 404);
        rows.outside("path with a broken escape", BadInputRows.list().line("POST /mcp%zz HTTP/1.1"), 400, 404);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
