package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Target;
import java.util.Set;

/**
 * What of a call may become a label. A client can name any method and any tool, so only those count that are there:
 * methods of the specification or that have once succeeded, tools and prompts that the server knows. Thread-safe.
 */
public final class CallLabels {
    private static final int MAX_FURTHER_METHODS = 50;

    /** Of all revisions. */
    private static final Set<String> METHODS = Set.of(
            "initialize",
            "ping",
            "server/discover",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/list",
            "prompts/get",
            "completion/complete",
            "logging/setLevel",
            "subscriptions/listen",
            "tasks/get",
            "tasks/list",
            "tasks/result",
            "tasks/update",
            "tasks/cancel");

    private final Labels methods = new Labels(METHODS, MAX_FURTHER_METHODS);
    private final Labels tools;
    private final Labels prompts;

    public CallLabels(int maxNames) {
        tools = new Labels(maxNames);
        prompts = new Labels(maxNames);
    }

    public String method(Call call, Ending ending) {
        return ending.isError() ? methods.recall(call.method()) : methods.learn(call.method());
    }

    /** Before it is known how the call ends. */
    public String method(Call call) {
        return methods.recall(call.method());
    }

    /** Empty for what is no call of a tool. */
    public String tool(Call call) {
        return name(call.target(), Target.Kind.TOOL, tools);
    }

    /** Empty for what is no use of a prompt. */
    public String prompt(Call call) {
        return name(call.target(), Target.Kind.PROMPT, prompts);
    }

    private static String name(Target target, Target.Kind kind, Labels labels) {
        if (target.kind() != kind) {
            return "";
        }
        return target.exists() ? labels.learn(target.name()) : Labels.OTHER;
    }
}
