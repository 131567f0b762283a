package dev.mortise.servlet;

import dev.mortise.mcp.http.HeaderValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects bad requests; the beginnings of good ones that they are made from. */
final class BadInputRows {
    static final int MEGABYTE = 1_000_000;

    private final List<BadInputRow> rows = new ArrayList<>();

    List<BadInputRow> collected() {
        return List.copyOf(rows);
    }

    void row(String name, Post post, int status, int code) {
        rows.add(new BadInputRow(name, post.bytes(), Set.of(status), code));
    }

    /** Refused by the container, before any code of ours. */
    void outside(String name, Post post, Integer... statuses) {
        rows.add(new BadInputRow(name, post.bytes(), Set.of(statuses), null));
    }

    static Post list() {
        return Post.of("tools/list", "");
    }

    static Post hello() {
        return Post.call("echo", "{'text':'hello'}");
    }

    static Post listen(String filter) {
        return Post.of("subscriptions/listen", "'notifications':" + filter);
    }

    static Post argument(String json) {
        return Post.call("any", "{'x':" + json + "}");
    }

    static String encoded(String name) {
        return HeaderValue.encode(name);
    }

    static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60).replace('\ud83d', '?') + "… (" + text.length() + ")";
    }
}
