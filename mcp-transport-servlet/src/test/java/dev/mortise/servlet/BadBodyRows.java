package dev.mortise.servlet;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Bodies that are no message, or not one that carries what every message must. */
final class BadBodyRows {
    private BadBodyRows() {}

    static List<BadInputRow> all() {
        BadInputRows rows = new BadInputRows();
        encodings(rows);
        json(rows);
        messages(rows);
        meta(rows);
        return rows.collected();
    }

    private static void encodings(BadInputRows rows) {
        String message = new String(BadInputRows.list().body(), StandardCharsets.UTF_8);
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
            rows.row(charset, BadInputRows.list().carrying(message.getBytes(Charset.forName(charset))), 400, -32700);
        }
        rows.row("byte order mark", BadInputRows.list().carrying(utf8("\ufeff" + message)), 400, -32700);
        rows.row(
                "Latin-1",
                BadInputRows.list()
                        .carrying(message.replace("list", "l\u00efst").getBytes(StandardCharsets.ISO_8859_1)),
                400,
                -32700);
        rows.row(
                "overlong encoding",
                BadInputRows.list().carrying(new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}),
                400,
                -32700);
        rows.row(
                "surrogate in UTF-8",
                BadInputRows.list().carrying(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}),
                400,
                -32700);
        rows.row("NUL", BadInputRows.list().carrying(new byte[1]), 400, -32700);
        rows.row("NULs behind the message", BadInputRows.list().carrying(utf8(message + "\0\0")), 400, -32700);
        rows.row(
                "gzip that does not say so",
                BadInputRows.list().carrying(new byte[] {31, (byte) 139, 8, 0, 0}),
                400,
                -32700);
    }

    private static void json(BadInputRows rows) {
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
            rows.row("JSON " + json.replace("\t", "TAB"), Post.message("tools/list", json), 400, -32700);
        }
        rows.row("10,000 levels of arrays", Post.message("tools/list", "[".repeat(10_000)), 400, -32700);
        rows.row("10,000 levels, closed", Post.message("x", "[".repeat(10_000) + "]".repeat(10_000)), 400, -32700);
        rows.row("10,000 levels of objects", Post.message("tools/list", "{'a':".repeat(10_000)), 400, -32700);
        rows.row("65 levels", BadInputRows.argument("[".repeat(65) + "]".repeat(65)), 400, -32700);
        rows.row("number of a million digits", BadInputRows.argument("9".repeat(BadInputRows.MEGABYTE)), 400, -32700);
        rows.row(
                "fraction of a million digits",
                BadInputRows.argument("0." + "9".repeat(BadInputRows.MEGABYTE)),
                400,
                -32700);
        rows.row(
                "name of a megabyte",
                BadInputRows.argument("{'" + "n".repeat(BadInputRows.MEGABYTE) + "':1}"),
                400,
                -32700);
        rows.row(
                "a million empty objects",
                BadInputRows.argument("[" + "{},".repeat(BadInputRows.MEGABYTE) + "{}]"),
                400,
                -32700);
        // The names of each of these have one hash in Java's String, or in the parser's own table of names.
        rows.row("names of one hash", BadInputRows.argument(names(16, "Aa", "BB", "")), 200, BadInputRow.RESULT);
        rows.row(
                "names of one hash, beside others",
                BadInputRows.argument(names(12, "aB", "b!", "'\u00e9':1,")),
                200,
                BadInputRow.RESULT);
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

    private static void messages(BadInputRows rows) {
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
            rows.row("message " + json, Post.message("tools/list", json), 400, -32600);
        }
    }

    private static void meta(BadInputRows rows) {
        String version = "'io.modelcontextprotocol/protocolVersion':'2026-07-28'";
        String capabilities = "'io.modelcontextprotocol/clientCapabilities':{}";
        rows.row(
                "no params", Post.message("tools/list", "{'jsonrpc':'2.0','id':1,'method':'tools/list'}"), 400, -32602);
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
            rows.row("_meta " + meta, Post.meta(meta), 400, -32602);
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
            rows.row("_meta with " + member, Post.meta("{" + version + "," + member + "}"), 400, -32602);
        }
        for (String other : List.of("2025-11-25", "1900-01-01", "2026-07-28 ", "latest", "", "\\n", "v".repeat(5000))) {
            Post post = Post.meta("{'io.modelcontextprotocol/protocolVersion':'" + other + "'," + capabilities + "}");
            boolean canBeMirrored = other.strip().equals(other) && !other.contains("\\");
            rows.row(
                    "version '" + BadInputRows.shown(other) + "'",
                    post.replacing("MCP-Protocol-Version", other.replace("\\n", "")),
                    400,
                    canBeMirrored ? -32022 : -32020);
        }
        rows.row(
                "unknown version whose _meta has other fields",
                Post.meta("{'io.modelcontextprotocol/protocolVersion':'2031-01-01'}")
                        .replacing("MCP-Protocol-Version", "2031-01-01"),
                400,
                -32022);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
