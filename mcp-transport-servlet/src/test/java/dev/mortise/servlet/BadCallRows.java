package dev.mortise.servlet;

import java.util.List;
import java.util.stream.IntStream;

/** Well-formed messages that ask for what cannot be given. */
final class BadCallRows {
    private BadCallRows() {}

    static List<BadInputRow> all() {
        BadInputRows rows = new BadInputRows();
        calls(rows);
        rounds(rows);
        otherMethods(rows);
        listens(rows);
        return rows.collected();
    }

    private static void calls(BadInputRows rows) {
        for (String method : List.of(
                "tools/nothing",
                "TOOLS/LIST",
                "",
                "ping",
                "logging/setLevel",
                "resources/subscribe",
                "m".repeat(6000))) {
            rows.row("method '" + BadInputRows.shown(method) + "'", Post.of(method, ""), 404, -32601);
        }
        rows.row(
                "method with line breaks",
                Post.message("a", "{'jsonrpc':'2.0','id':1,'method':'a\\nb','params':{}}"),
                400,
                -32602);
        rows.row(
                "initialize",
                Post.message("initialize", "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{}}"),
                400,
                -32602);
        for (String params : List.of("", "'name':null", "'name':7", "'name':{}", "'name':['echo']")) {
            rows.row("tools/call with " + params, Post.of("tools/call", params), 200, -32602);
        }
        rows.row("unknown tool", Post.call("nothing", "{}"), 200, -32602);
        String split = "a".repeat(127) + "\ud83d\ude00".repeat(9);
        rows.row(
                "unknown tool with a long name",
                Post.of("tools/call", "'name':'" + split + "'").with("Mcp-Name", BadInputRows.encoded(split)),
                200,
                -32602);
        for (String arguments : List.of("null", "[]", "'text'", "7", "true")) {
            rows.row("arguments " + arguments, Post.call("echo", arguments), 200, -32602);
        }
        for (String arguments : List.of(
                "{}",
                "{'text':7}",
                "{'text':null}",
                "{'text':['hello']}",
                "{'text':'hello','more':1}",
                "{'text':'hello','" + "m".repeat(4000) + "':1}")) {
            rows.row(
                    "arguments " + BadInputRows.shown(arguments),
                    Post.call("echo", arguments),
                    200,
                    BadInputRow.RESULT);
        }
        for (String number :
                List.of("1e1000000000", "-1e2147483647", "1e-999999999", "0.5", "9".repeat(100), "1e400")) {
            rows.row(
                    "number " + BadInputRows.shown(number),
                    Post.call("count", "{'n':" + number + "}"),
                    200,
                    BadInputRow.RESULT);
            rows.row(
                    "large number " + BadInputRows.shown(number),
                    Post.call("large", "{'n':" + number + "}"),
                    200,
                    BadInputRow.RESULT);
        }
        rows.row("58 levels", BadInputRows.argument("[".repeat(58) + "]".repeat(58)), 200, BadInputRow.RESULT);
        rows.row(
                "text that a pattern finds hard",
                Post.call("strict", "{'text':'" + "a".repeat(100_000) + "!'}"),
                200,
                BadInputRow.RESULT);
        rows.row(
                "a hundred thousand unknown names",
                Post.call("echo", "{" + members(100_000) + "'text':7}"),
                200,
                BadInputRow.RESULT);
        rows.row("a tool that fails", Post.call("fails", "{}"), 200, BadInputRow.RESULT);
    }

    private static void rounds(BadInputRows rows) {
        for (String state : List.of("''", "'x'", "'!!!'", "7", "null", "{}", "['x']", "'" + "A".repeat(120) + "'")) {
            rows.row("requestState " + BadInputRows.shown(state), asks(",'requestState':" + state), 200, -32602);
        }
        rows.row(
                "requestState of a megabyte",
                asks(",'requestState':'" + "A".repeat(BadInputRows.MEGABYTE) + "'"),
                200,
                -32602);
        for (String responses :
                List.of("null", "[]", "7", "'yes'", "{'sure':null}", "{'sure':7}", "{'sure':['accept']}")) {
            rows.row("inputResponses " + responses, asks(",'inputResponses':" + responses), 200, -32602);
        }
        for (String response : List.of("{}", "{'action':7}", "{'action':'maybe'}", "{'content':{}}")) {
            rows.row("response " + response, asks(",'inputResponses':{'name':" + response + "}"), 200, -32602);
        }
        for (String content : List.of("{}", "7", "{'name':7}", "{'name':{}}", "null")) {
            rows.row(
                    "content " + content,
                    asks(",'inputResponses':{'name':{'action':'accept','content':" + content + "}}"),
                    200,
                    BadInputRow.RESULT);
        }
        rows.row(
                "responses that nobody asked for",
                asks(",'inputResponses':{" + responses(10_000) + "'x':{}}"),
                200,
                BadInputRow.RESULT);
    }

    private static String responses(int count) {
        StringBuilder members = new StringBuilder();
        IntStream.range(0, count).forEach(i -> members.append("'r").append(i).append("':{'action':'accept'},"));
        return members.toString();
    }

    private static Post asks(String more) {
        return Post.call("asks", "{}" + more);
    }

    private static void otherMethods(BadInputRows rows) {
        for (String uri : List.of("7", "null", "{}")) {
            rows.row("uri " + uri, Post.of("resources/read", "'uri':" + uri), 200, -32602);
        }
        rows.row("no uri", Post.of("resources/read", ""), 200, -32602);
        for (String uri : List.of(
                "doc:///nothing", "no uri at all", "", "%%%", "note:///a/%zz", "note:///%ff/b", "doc:///../a")) {
            rows.row("unknown uri '" + uri + "'", read(uri), 200, -32602);
        }
        rows.row("uri of 6,000 characters", read("u".repeat(6000)), 200, -32602);
        rows.row(
                "uri of a megabyte",
                Post.of("resources/read", "'uri':'" + "u".repeat(BadInputRows.MEGABYTE) + "'"),
                400,
                -32020);
        for (String list : List.of("tools/list", "prompts/list", "resources/list", "resources/templates/list")) {
            for (String cursor : List.of("''", "7", "null", "{}", "'x'", "'!!!'", "'AAAAAGE'", "'\\u0000'")) {
                rows.row(list + " with cursor " + cursor, Post.of(list, "'cursor':" + cursor), 200, -32602);
            }
        }
        rows.row(
                "cursor of a megabyte",
                Post.of("tools/list", "'cursor':'" + "A".repeat(BadInputRows.MEGABYTE) + "'"),
                200,
                -32602);
        rows.row("unknown prompt", Post.of("prompts/get", "'name':'nothing'").with("Mcp-Name", "nothing"), 200, -32602);
        rows.row("prompt without a name", Post.of("prompts/get", ""), 200, -32602);
        for (String arguments : List.of("[]", "7", "null", "{}", "{'who':7}", "{'who':null}", "{'who':['x']}")) {
            rows.row("prompt arguments " + arguments, prompt(arguments), 200, -32602);
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
                "'ref':{'type':'ref/resource','uri':'" + "u".repeat(BadInputRows.MEGABYTE) + "'}," + who,
                prompt + ",'argument':7",
                prompt + ",'argument':{'name':'who'}",
                prompt + ",'argument':{'name':7,'value':'a'}",
                prompt + ",'argument':{'name':'who','value':7}",
                prompt + ",'argument':{'name':'nobody','value':'a'}",
                prompt + ",'argument':{'name':'" + "n".repeat(BadInputRows.MEGABYTE) + "','value':'a'}",
                prompt + "," + who + ",'context':{'arguments':{'a':7}}")) {
            rows.row(
                    "completion of " + BadInputRows.shown(params), Post.of("completion/complete", params), 200, -32602);
        }
    }

    private static Post read(String uri) {
        return Post.of("resources/read", "'uri':'" + uri + "'").with("Mcp-Name", BadInputRows.encoded(uri));
    }

    private static Post prompt(String arguments) {
        return Post.of("prompts/get", "'name':'greet','arguments':" + arguments).with("Mcp-Name", "greet");
    }

    private static void listens(BadInputRows rows) {
        rows.row("listen without a filter", Post.of("subscriptions/listen", ""), 200, -32602);
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
            rows.row("filter " + filter, BadInputRows.listen(filter), 200, -32602);
        }
        rows.row("filter with 1,001 URIs", BadInputRows.listen(uris(1_001)), 200, -32602);
        rows.row("filter with 300,000 URIs", BadInputRows.listen(uris(300_000)), 200, -32602);
        rows.row("filter with a million URIs", BadInputRows.listen(uris(BadInputRows.MEGABYTE)), 413, -32600);
    }

    private static String uris(int count) {
        return "{'resourceSubscriptions':[" + "'a:b',".repeat(count - 1) + "'a:b']}";
    }

    private static String members(int count) {
        StringBuilder members = new StringBuilder();
        IntStream.range(0, count).forEach(i -> members.append("'k").append(i).append("':1,"));
        return members.toString();
    }
}
