package dev.mortise.servlet;

import dev.mortise.mcp.http.HeaderValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Everything that clients send and should not, with what each is answered. */
final class BadInputRows {
    private static final int MEGABYTE = 1_000_000;

    /** Given with the code of an error: a result, of a tool that failed or otherwise. */
    static final int RESULT = 0;

    /**
     * One bad request.
     *
     * @param statuses the status, or those among which the containers choose where they refuse by themselves
     * @param code of the JSON-RPC error; {@link #RESULT}; {@code null} where the container answers in its own words
     */
    record Row(
            String name,
            byte[] request,
            Set<Integer> statuses,
            @Nullable Integer code) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    static List<Row> all() {
        BadInputRows all = new BadInputRows();
        all.methodsAndTypes();
        all.hostsAndOrigins();
        all.mirroredHeaders();
        all.mirroredArguments();
        all.framing();
        all.encodings();
        all.json();
        all.messages();
        all.meta();
        all.calls();
        all.rounds();
        all.otherMethods();
        all.listens();
        return List.copyOf(all.rows);
    }

    private void row(String name, Post post, int status, int code) {
        rows.add(new Row(name, post.bytes(), Set.of(status), code));
    }

    /** Refused by the container, before any code of ours. */
    private void outside(String name, Post post, Integer... statuses) {
        rows.add(new Row(name, post.bytes(), Set.of(statuses), null));
    }

    private static Post list() {
        return Post.of("tools/list", "");
    }

    private static Post hello() {
        return Post.call("echo", "{'text':'hello'}");
    }

    private void methodsAndTypes() {
        for (String method : List.of("GET", "DELETE", "PUT", "PATCH", "BREW")) {
            row(method, list().line(method + " /mcp HTTP/1.1"), 405, -32600);
        }
        outside("TRACE", list().line("TRACE /mcp HTTP/1.1"), 405);
        row("no Content-Type", list().without("Content-Type"), 415, -32600);
        for (String type : List.of(
                "text/plain",
                "application/jsonp",
                "application/json, text/plain",
                "application/json;charset=utf-16",
                "application/json; charset=ISO-8859-1",
                "multipart/form-data; boundary=x",
                "*/*",
                "application/json\u00e9")) {
            row("Content-Type " + type, list().replacing("Content-Type", type), 415, -32600);
        }
        for (String encoding : List.of("gzip", "deflate", "br", "identity, gzip", "x")) {
            row("Content-Encoding " + encoding, list().with("Content-Encoding", encoding), 415, -32600);
        }
        for (String accept : List.of(
                "text/html", "image/*", "application/json;q=0, text/event-stream;q=0.000", "application/jsonp", ";")) {
            row("Accept " + accept, list().replacing("Accept", accept), 406, -32600);
        }
        row("Accept without events for a stream", listen("{}").replacing("Accept", "application/json"), 406, -32600);
    }

    private void hostsAndOrigins() {
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
            row("Host " + host, list().replacing("Host", host), 403, -32600);
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
            outside("Host '" + host + "'", list().replacing("Host", host), 400, 403);
        }
        outside("two Hosts", list().with("Host", "evil.example"), 400, 403);
        outside("no Host", list().without("Host"), 400);
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
            row("Origin '" + origin + "'", list().with("Origin", origin), 403, -32600);
        }
        row(
                "two Origins",
                list().with("Origin", "http://localhost").with("Origin", "http://evil.example"),
                403,
                -32600);
        row("Origin of a preflight", list().line("OPTIONS /mcp HTTP/1.1").with("Origin", "null"), 403, -32600);
        outside(
                "another authority in the request line",
                list().line("POST http://evil.example/mcp HTTP/1.1"),
                200,
                400,
                403);
    }

    private void mirroredHeaders() {
        for (String name : List.of("MCP-Protocol-Version", "Mcp-Method")) {
            row("no " + name, list().without(name), 400, -32020);
            row("empty " + name, list().replacing(name, ""), 400, -32020);
            row("other " + name, list().replacing(name, "tools/call"), 400, -32020);
            row("non-ASCII " + name, list().replacing(name, "2026-07-28\u00e9"), 400, -32020);
            row("two values of " + name, list().with(name, "other"), 400, -32020);
            row("encoded " + name, list().replacing(name, "=?base64?dG9vbHMvbGlzdA==?="), 400, -32020);
        }
        row("Mcp-Method in other case", list().replacing("Mcp-Method", "Tools/List"), 400, -32020);
        row("no Mcp-Name", hello().without("Mcp-Name"), 400, -32020);
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
                encoded("a" + "\ud83d\ude00".repeat(200)))) {
            row("Mcp-Name " + shown(name), hello().replacing("Mcp-Name", name), 400, -32020);
        }
        row("two Mcp-Names", hello().with("Mcp-Name", "other"), 400, -32020);
        row(
                "a URI that is not the body's",
                Post.of("resources/read", "'uri':'doc:///a'").with("Mcp-Name", "doc:///b"),
                400,
                -32020);
        row("no Mcp-Name for a prompt", Post.of("prompts/get", "'name':'greet'"), 400, -32020);
    }

    private void mirroredArguments() {
        Post west = Post.call("route", "{'region':'west','n':42,'on':true}");
        row("no Mcp-Param", west, 400, -32020);
        Post right =
                west.with("Mcp-Param-Region", "west").with("Mcp-Param-N", "42").with("Mcp-Param-On", "true");
        row("Mcp-Param with another value", right.replacing("Mcp-Param-Region", "east"), 400, -32020);
        row("Mcp-Param in other case", right.replacing("Mcp-Param-Region", "West"), 400, -32020);
        row("Mcp-Param twice", right.with("Mcp-Param-Region", "west"), 400, -32020);
        row("Mcp-Param with broken Base64", right.replacing("Mcp-Param-Region", "=?base64?%%%?="), 400, -32020);
        row("Mcp-Param with other characters", right.replacing("Mcp-Param-Region", "w\u00e9st"), 400, -32020);
        row("Mcp-Param with another number", right.replacing("Mcp-Param-N", "43"), 400, -32020);
        row("Mcp-Param that is no number", right.replacing("Mcp-Param-N", "4 2"), 400, -32020);
        row("Mcp-Param with an endless number", right.replacing("Mcp-Param-N", "1e999999999"), 400, -32020);
        row("Mcp-Param with another boolean", right.replacing("Mcp-Param-On", "True"), 400, -32020);
        row("Mcp-Param for nothing", Post.call("route", "{}").with("Mcp-Param-Region", "west"), 400, -32020);
        row("Mcp-Param for null", Post.call("route", "{'region':null}").with("Mcp-Param-Region", "null"), 400, -32020);
        row(
                "Mcp-Param with an unsafe integer",
                Post.call("route", "{'n':9007199254740993}").with("Mcp-Param-N", "9007199254740993"),
                400,
                -32020);
        row(
                "Mcp-Param with an enormous integer",
                Post.call("route", "{'n':1e1000000000}").with("Mcp-Param-N", "1e1000000000"),
                400,
                -32020);
    }

    private void framing() {
        row("announced body of 64 MB", list().with("Content-Length", "67108864").carrying(new byte[0]), 413, -32600);
        row("announced body of 9 EB", list().with("Content-Length", "9223372036854775807"), 413, -32600);
        row("chunked body of 5 MB", list().carrying(new byte[5 * 1024 * 1024]).inChunks(), 413, -32600);
        row("empty body", list().carrying(new byte[0]), 400, -32700);
        row(
                "empty chunked body",
                list().with("Transfer-Encoding", "chunked").carrying(ascii("0\r\n\r\n")),
                400,
                -32700);
        outside("length that is too long for a number", list().with("Content-Length", "9".repeat(40)), 400, 413);
        outside("negative length", list().with("Content-Length", "-1"), 400);
        outside("length that is no number", list().with("Content-Length", "ten"), 400);
        outside("two lengths", list().with("Content-Length", "3").with("Content-Length", "4"), 400);
        outside(
                "length and chunks",
                list().with("Content-Length", "5")
                        .with("Transfer-Encoding", "chunked")
                        .carrying(ascii("0\r\n\r\n")),
                400);
        outside("unknown transfer encoding", list().with("Transfer-Encoding", "rot13"), 400, 501);
        outside("chunks twice", list().with("Transfer-Encoding", "chunked, chunked"), 400, 501);
        outside("chunk of no size", list().with("Transfer-Encoding", "chunked").carrying(ascii("xyz\r\n")), 400);
        outside(
                "chunk of a size beyond all numbers",
                list().with("Transfer-Encoding", "chunked").carrying(ascii("f".repeat(40) + "\r\n")),
                400);
        outside("header of 100 KB", list().with("X", "x".repeat(100_000)), 400, 431);
        outside(
                "header line without a colon",
                new Post("POST /mcp HTTP/1.1", List.of("Host: localhost", "nonsense"), new byte[0], false),
                400);
        outside("header name with a blank", list().with("Mcp Method", "x"), 400);
        outside("header with a NUL", list().with("X", "a\0b"), 400);
        outside("request line that is none", list().line("HELLO"), 400);
        outside("HTTP/9.9", list().line("POST /mcp HTTP/9.9"), 400, 505);
        outside("path that leaves the root", list().line("POST /../../etc/passwd HTTP/1.1"), 400, 404);
        outside("encoded path separators", list().line("POST /x%2f..%2fmcp HTTP/1.1"), 400, 404);
        outside("path with a broken escape", list().line("POST /mcp%zz HTTP/1.1"), 400, 404);
    }

    private void encodings() {
        String message = new String(list().body(), StandardCharsets.UTF_8);
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
            row(charset, list().carrying(message.getBytes(Charset.forName(charset))), 400, -32700);
        }
        row("byte order mark", list().carrying(utf8("\ufeff" + message)), 400, -32700);
        row(
                "Latin-1",
                list().carrying(message.replace("list", "l\u00efst").getBytes(StandardCharsets.ISO_8859_1)),
                400,
                -32700);
        row("overlong encoding", list().carrying(new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}), 400, -32700);
        row(
                "surrogate in UTF-8",
                list().carrying(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}),
                400,
                -32700);
        row("NUL", list().carrying(new byte[1]), 400, -32700);
        row("NULs behind the message", list().carrying(utf8(message + "\0\0")), 400, -32700);
        row("gzip that does not say so", list().carrying(new byte[] {31, (byte) 139, 8, 0, 0}), 400, -32700);
    }

    private void json() {
        for (String json : List.of(
                "{",
                "{'jsonrpc':'2.0','id':1,'method':'tools/li",
                "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':{}",
                "nonsense",
                "{} {}",
                "{}}",
                "{'a':1,}",
                "{a:1}",
                "[1,]",
                "// {}",
                "NaN",
                "{'a':Infinity}",
                "{'a':0x10}",
                "{'a':01}",
                "{'a':.5}",
                "{'a':1.}",
                "{'a':+1}",
                "{'a':'\\x'}",
                "{'a':'\\u12'}",
                "{'a':'\\ud800'}",
                "{'\\udc00':1}",
                "{'a':'\t'}",
                "{'a':1,'a':2}",
                "{'a':1e99999999999}",
                "{'a':-1e-99999999999}",
                "   ")) {
            row("JSON " + json.replace("\t", "TAB"), Post.message("tools/list", json), 400, -32700);
        }
        row("10,000 levels of arrays", Post.message("tools/list", "[".repeat(10_000)), 400, -32700);
        row("10,000 levels, closed", Post.message("x", "[".repeat(10_000) + "]".repeat(10_000)), 400, -32700);
        row("10,000 levels of objects", Post.message("tools/list", "{'a':".repeat(10_000)), 400, -32700);
        row("65 levels", argument("[".repeat(65) + "]".repeat(65)), 400, -32700);
        row("number of a million digits", argument("9".repeat(MEGABYTE)), 400, -32700);
        row("fraction of a million digits", argument("0." + "9".repeat(MEGABYTE)), 400, -32700);
        row("name of a megabyte", argument("{'" + "n".repeat(MEGABYTE) + "':1}"), 400, -32700);
        row("a million empty objects", argument("[" + "{},".repeat(MEGABYTE) + "{}]"), 400, -32700);
        // The names of each of these have one hash in Java's String, or in the parser's own table of names.
        row("names of one hash", argument(names(16, "Aa", "BB", "")), 200, RESULT);
        row("names of one hash, beside others", argument(names(12, "aB", "b!", "'\u00e9':1,")), 400, -32700);
    }

    /** An object with all names that are made of {@code length} times one of two pairs. */
    private static String names(int length, String one, String other, String first) {
        StringBuilder object = new StringBuilder("{" + first);
        IntStream.range(0, 1 << length).forEach(i -> {
            StringBuilder name = new StringBuilder();
            IntStream.range(0, length).forEach(bit -> name.append((i >> bit & 1) == 0 ? one : other));
            object.append(i == 0 ? "'" : ",'").append(name).append("':1");
        });
        return object.append('}').toString();
    }

    private static Post argument(String json) {
        return Post.call("any", "{'x':" + json + "}");
    }

    private void messages() {
        for (String json : List.of(
                "[]",
                "[{'jsonrpc':'2.0','id':1,'method':'tools/list'}]",
                "7",
                "null",
                "'tools/list'",
                "{}",
                "{'id':1,'method':'tools/list'}",
                "{'jsonrpc':'1.0','id':1,'method':'tools/list'}",
                "{'jsonrpc':2.0,'id':1,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':null,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':1.5,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':1.0,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':1e3,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':1e999999999,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':9223372036854775808,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':{},'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':[1],'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':true,'method':'tools/list'}",
                "{'jsonrpc':'2.0','id':1}",
                "{'jsonrpc':'2.0','id':1,'method':null}",
                "{'jsonrpc':'2.0','id':1,'method':7}",
                "{'jsonrpc':'2.0','id':1,'method':['tools/list']}",
                "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':[]}",
                "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':null}",
                "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':'x'}",
                "{'jsonrpc':'2.0','id':1,'result':{}}",
                "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':'x'}}",
                "{'jsonrpc':'2.0','error':{'code':'x','message':7}}",
                "{'jsonrpc':'2.0','id':1,'result':{},'error':{'code':1,'message':'x'}}",
                "{'jsonrpc':'2.0','method':7}")) {
            row("message " + json, Post.message("tools/list", json), 400, -32600);
        }
    }

    private void meta() {
        String version = "'io.modelcontextprotocol/protocolVersion':'2026-07-28'";
        String capabilities = "'io.modelcontextprotocol/clientCapabilities':{}";
        row("no params", Post.message("tools/list", "{'jsonrpc':'2.0','id':1,'method':'tools/list'}"), 400, -32602);
        for (String meta : List.of(
                "null",
                "7",
                "[]",
                "'x'",
                "{}",
                "{" + capabilities + "}",
                "{" + version + "}",
                "{'io.modelcontextprotocol/protocolVersion':20260728," + capabilities + "}",
                "{'io.modelcontextprotocol/protocolVersion':null," + capabilities + "}",
                "{'protocolVersion':'2026-07-28','clientCapabilities':{}}")) {
            row("_meta " + meta, Post.meta(meta), 400, -32602);
        }
        for (String member : List.of(
                "'io.modelcontextprotocol/clientCapabilities':null",
                "'io.modelcontextprotocol/clientCapabilities':[]",
                "'io.modelcontextprotocol/clientCapabilities':'all'",
                "'io.modelcontextprotocol/clientCapabilities':{'elicitation':5}",
                "'io.modelcontextprotocol/clientCapabilities':{'sampling':[]}",
                "'io.modelcontextprotocol/clientCapabilities':{'roots':true}",
                "'io.modelcontextprotocol/clientCapabilities':{'extensions':{'a/b':7}}",
                "'io.modelcontextprotocol/clientCapabilities':{'experimental':{'a':null}}",
                capabilities + ",'io.modelcontextprotocol/clientInfo':'me'",
                capabilities + ",'io.modelcontextprotocol/clientInfo':{}",
                capabilities + ",'io.modelcontextprotocol/clientInfo':{'name':7,'version':'1'}",
                capabilities + ",'io.modelcontextprotocol/clientInfo':{'name':'a','version':'1','icons':[7]}",
                capabilities + ",'io.modelcontextprotocol/logLevel':'loud'",
                capabilities + ",'io.modelcontextprotocol/logLevel':3",
                capabilities + ",'io.modelcontextprotocol/logLevel':{}",
                capabilities + ",'progressToken':{}",
                capabilities + ",'progressToken':[1]",
                capabilities + ",'progressToken':1.5",
                capabilities + ",'progressToken':true",
                capabilities + ",'progressToken':1e999999999")) {
            row("_meta with " + member, Post.meta("{" + version + "," + member + "}"), 400, -32602);
        }
        for (String other : List.of("2025-11-25", "1900-01-01", "2026-07-28 ", "latest", "", "\\n", "v".repeat(5000))) {
            Post post = Post.meta("{'io.modelcontextprotocol/protocolVersion':'" + other + "'," + capabilities + "}");
            boolean canBeMirrored = other.strip().equals(other) && !other.contains("\\");
            row(
                    "version '" + shown(other) + "'",
                    post.replacing("MCP-Protocol-Version", other.replace("\\n", "")),
                    400,
                    canBeMirrored ? -32022 : -32020);
        }
        row(
                "unknown version whose _meta has other fields",
                Post.meta("{'io.modelcontextprotocol/protocolVersion':'2031-01-01'}")
                        .replacing("MCP-Protocol-Version", "2031-01-01"),
                400,
                -32022);
    }

    private void calls() {
        for (String method : List.of(
                "tools/nothing",
                "TOOLS/LIST",
                "",
                "ping",
                "logging/setLevel",
                "resources/subscribe",
                "m".repeat(6000))) {
            row("method '" + shown(method) + "'", Post.of(method, ""), 404, -32601);
        }
        row(
                "method with line breaks",
                Post.message("a", "{'jsonrpc':'2.0','id':1,'method':'a\\nb','params':{}}"),
                400,
                -32602);
        row(
                "initialize",
                Post.message("initialize", "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{}}"),
                400,
                -32602);
        for (String params : List.of("", "'name':null", "'name':7", "'name':{}", "'name':['echo']")) {
            row("tools/call with " + params, Post.of("tools/call", params), 200, -32602);
        }
        row("unknown tool", Post.call("nothing", "{}"), 200, -32602);
        String split = "a".repeat(127) + "\ud83d\ude00".repeat(9);
        row(
                "unknown tool with a long name",
                Post.of("tools/call", "'name':'" + split + "'").with("Mcp-Name", encoded(split)),
                200,
                -32602);
        for (String arguments : List.of("null", "[]", "'text'", "7", "true")) {
            row("arguments " + arguments, Post.call("echo", arguments), 200, -32602);
        }
        for (String arguments : List.of(
                "{}",
                "{'text':7}",
                "{'text':null}",
                "{'text':['hello']}",
                "{'text':'hello','more':1}",
                "{'text':'hello','" + "m".repeat(4000) + "':1}")) {
            row("arguments " + shown(arguments), Post.call("echo", arguments), 200, RESULT);
        }
        for (String number :
                List.of("1e1000000000", "-1e2147483647", "1e-999999999", "0.5", "9".repeat(100), "1e400")) {
            row("number " + shown(number), Post.call("count", "{'n':" + number + "}"), 200, RESULT);
            row("large number " + shown(number), Post.call("large", "{'n':" + number + "}"), 200, RESULT);
        }
        row("58 levels", argument("[".repeat(58) + "]".repeat(58)), 200, RESULT);
        row(
                "text that a pattern finds hard",
                Post.call("strict", "{'text':'" + "a".repeat(100_000) + "!'}"),
                200,
                RESULT);
        row("a hundred thousand unknown names", Post.call("echo", "{" + members(100_000) + "'text':7}"), 200, RESULT);
        row("a tool that fails", Post.call("fails", "{}"), 200, RESULT);
    }

    private static String members(int count) {
        StringBuilder members = new StringBuilder();
        IntStream.range(0, count).forEach(i -> members.append("'k").append(i).append("':1,"));
        return members.toString();
    }

    private void rounds() {
        for (String state : List.of("''", "'x'", "'!!!'", "7", "null", "{}", "['x']", "'" + "A".repeat(120) + "'")) {
            row("requestState " + shown(state), asks(",'requestState':" + state), 200, -32602);
        }
        row("requestState of a megabyte", asks(",'requestState':'" + "A".repeat(MEGABYTE) + "'"), 200, -32602);
        for (String responses :
                List.of("null", "[]", "7", "'yes'", "{'sure':null}", "{'sure':7}", "{'sure':['accept']}")) {
            row("inputResponses " + responses, asks(",'inputResponses':" + responses), 200, -32602);
        }
        for (String response : List.of("{}", "{'action':7}", "{'action':'maybe'}", "{'content':{}}")) {
            row("response " + response, asks(",'inputResponses':{'name':" + response + "}"), 200, -32602);
        }
        for (String content : List.of("{}", "7", "{'name':7}", "{'name':{}}", "null")) {
            row(
                    "content " + content,
                    asks(",'inputResponses':{'name':{'action':'accept','content':" + content + "}}"),
                    200,
                    RESULT);
        }
        row(
                "responses that nobody asked for",
                asks(",'inputResponses':{" + responses(10_000) + "'x':{}}"),
                200,
                RESULT);
    }

    private static String responses(int count) {
        StringBuilder members = new StringBuilder();
        IntStream.range(0, count).forEach(i -> members.append("'r").append(i).append("':{'action':'accept'},"));
        return members.toString();
    }

    private static Post asks(String more) {
        return Post.call("asks", "{}" + more);
    }

    private void otherMethods() {
        for (String uri : List.of("7", "null", "{}")) {
            row("uri " + uri, Post.of("resources/read", "'uri':" + uri), 200, -32602);
        }
        row("no uri", Post.of("resources/read", ""), 200, -32602);
        for (String uri : List.of(
                "doc:///nothing", "no uri at all", "", "%%%", "note:///a/%zz", "note:///%ff/b", "doc:///../a")) {
            row("unknown uri '" + uri + "'", read(uri), 200, -32602);
        }
        row("uri of 6,000 characters", read("u".repeat(6000)), 200, -32602);
        row("uri of a megabyte", Post.of("resources/read", "'uri':'" + "u".repeat(MEGABYTE) + "'"), 400, -32020);
        for (String list : List.of("tools/list", "prompts/list", "resources/list", "resources/templates/list")) {
            for (String cursor : List.of("''", "7", "null", "{}", "'x'", "'!!!'", "'AAAAAGE'", "'\\u0000'")) {
                row(list + " with cursor " + cursor, Post.of(list, "'cursor':" + cursor), 200, -32602);
            }
        }
        row("cursor of a megabyte", Post.of("tools/list", "'cursor':'" + "A".repeat(MEGABYTE) + "'"), 200, -32602);
        row("unknown prompt", Post.of("prompts/get", "'name':'nothing'").with("Mcp-Name", "nothing"), 200, -32602);
        row("prompt without a name", Post.of("prompts/get", ""), 200, -32602);
        for (String arguments : List.of("[]", "7", "null", "{}", "{'who':7}", "{'who':null}", "{'who':['x']}")) {
            row("prompt arguments " + arguments, prompt(arguments), 200, -32602);
        }
        String prompt = "'ref':{'type':'ref/prompt','name':'greet'}";
        String who = "'argument':{'name':'who','value':'a'}";
        for (String params : List.of(
                "",
                who,
                prompt,
                "'ref':7," + who,
                "'ref':{}," + who,
                "'ref':{'type':'ref/tool','name':'echo'}," + who,
                "'ref':{'type':'ref/prompt','name':'nothing'}," + who,
                "'ref':{'type':'ref/prompt'}," + who,
                "'ref':{'type':'ref/resource','uri':'doc:///a'}," + who,
                "'ref':{'type':'ref/resource','uri':'" + "u".repeat(MEGABYTE) + "'}," + who,
                prompt + ",'argument':7",
                prompt + ",'argument':{'name':'who'}",
                prompt + ",'argument':{'name':7,'value':'a'}",
                prompt + ",'argument':{'name':'who','value':7}",
                prompt + ",'argument':{'name':'nobody','value':'a'}",
                prompt + ",'argument':{'name':'" + "n".repeat(MEGABYTE) + "','value':'a'}",
                prompt + "," + who + ",'context':{'arguments':{'a':7}}")) {
            row("completion of " + shown(params), Post.of("completion/complete", params), 200, -32602);
        }
    }

    private static Post read(String uri) {
        return Post.of("resources/read", "'uri':'" + uri + "'").with("Mcp-Name", encoded(uri));
    }

    private static Post prompt(String arguments) {
        return Post.of("prompts/get", "'name':'greet','arguments':" + arguments).with("Mcp-Name", "greet");
    }

    private void listens() {
        row("listen without a filter", Post.of("subscriptions/listen", ""), 200, -32602);
        for (String filter : List.of(
                "null",
                "7",
                "[]",
                "{'toolsListChanged':'yes'}",
                "{'toolsListChanged':1}",
                "{'promptsListChanged':{}}",
                "{'resourceSubscriptions':'doc:///a'}",
                "{'resourceSubscriptions':{}}",
                "{'resourceSubscriptions':[7]}",
                "{'resourceSubscriptions':[null]}",
                "{'resourceSubscriptions':[['doc:///a']]}")) {
            row("filter " + filter, listen(filter), 200, -32602);
        }
        row("filter with 1,001 URIs", listen(uris(1_001)), 200, -32602);
        row("filter with 300,000 URIs", listen(uris(300_000)), 200, -32602);
        row("filter with a million URIs", listen(uris(MEGABYTE)), 413, -32600);
    }

    private static String uris(int count) {
        return "{'resourceSubscriptions':[" + "'a:b',".repeat(count - 1) + "'a:b']}";
    }

    private static Post listen(String filter) {
        return Post.of("subscriptions/listen", "'notifications':" + filter);
    }

    private static String encoded(String name) {
        return HeaderValue.encode(name);
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60).replace('\ud83d', '?') + "… (" + text.length() + ")";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
