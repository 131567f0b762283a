package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.dispatch.Incident;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.CallToolResult;

/**
 * How a call ended, in the words of metrics, traces and logs.
 *
 * @param name from a small set
 * @param errorType {@code error.type} of the OpenTelemetry conventions; empty where nothing went wrong
 * @param code of the JSON-RPC error as the modern revision has it; empty where there is none
 */
public record Ending(String name, String errorType, String code) {
    private static final Ending COMPLETE = new Ending("complete", "", "");
    private static final Ending TOOL_ERROR = new Ending("tool_error", "tool_error", "");
    /** A handler that threw: its client is told of an error of the tool, by the conventions. */
    private static final Ending TOOL_BROKEN = new Ending("internal", "tool_error", "");

    private static final Ending INPUT_REQUIRED = new Ending("input_required", "", "");
    private static final Ending EXTENDED = new Ending("extended", "", "");

    private static final Ending UNAUTHENTICATED = error("unauthenticated", 401);
    private static final Ending MISSING_SCOPE = error("missing_scope", 403);
    private static final Ending APPROVAL_REQUIRED = error("approval_required", 403);
    private static final Ending RATE_LIMITED = error("rate_limited", 429);
    private static final Ending QUOTA_EXCEEDED = error("quota_exceeded", 402);
    private static final Ending OVERLOADED = error("overloaded", 503);
    private static final Ending DEPENDENCY_UNAVAILABLE = error("dependency_unavailable", 503);
    private static final Ending TIMED_OUT = error("timed_out", 504);
    private static final Ending NOT_FOUND = error("not_found", JsonRpcError.INVALID_PARAMS);
    private static final Ending INVALID_PARAMS = error("invalid_params", JsonRpcError.INVALID_PARAMS);
    private static final Ending MALFORMED = error("malformed", JsonRpcError.INVALID_PARAMS);
    private static final Ending HEADER_MISMATCH = error("header_mismatch", JsonRpcError.HEADER_MISMATCH);
    private static final Ending METHOD_NOT_FOUND = error("method_not_found", JsonRpcError.METHOD_NOT_FOUND);
    private static final Ending UNSUPPORTED_VERSION =
            error("unsupported_version", JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION);
    private static final Ending MISSING_CAPABILITY =
            error("missing_capability", JsonRpcError.MISSING_REQUIRED_CLIENT_CAPABILITY);
    private static final Ending URL_ELICITATION_REQUIRED = error("url_elicitation_required", -32042);
    private static final Ending INVALID_STATE = error("invalid_state", JsonRpcError.INVALID_PARAMS);
    private static final Ending CANCELLED = error("cancelled", 503);
    private static final Ending INTERNAL = error("internal", JsonRpcError.INTERNAL_ERROR);

    private static Ending error(String name, int code) {
        String text = Integer.toString(code);
        return new Ending(name, text, text);
    }

    public static Ending of(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete(CallToolResult result)
            when result.isError() -> call.get(Incident.REFERENCE).isPresent() ? TOOL_BROKEN : TOOL_ERROR;
            case Outcome.Complete complete -> COMPLETE;
            case Outcome.InputRequired asked -> INPUT_REQUIRED;
            case Outcome.Extended extended -> EXTENDED;
            case Outcome.Refused(Refusal refusal) -> of(refusal);
        };
    }

    private static Ending of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.Unauthenticated r -> UNAUTHENTICATED;
            case Refusal.MissingScope r -> MISSING_SCOPE;
            case Refusal.ApprovalRequired r -> APPROVAL_REQUIRED;
            case Refusal.RateLimited r -> RATE_LIMITED;
            case Refusal.QuotaExceeded r -> QUOTA_EXCEEDED;
            case Refusal.Overloaded r -> OVERLOADED;
            case Refusal.DependencyUnavailable r -> DEPENDENCY_UNAVAILABLE;
            case Refusal.TimedOut r -> TIMED_OUT;
            case Refusal.NotFound r -> NOT_FOUND;
            case Refusal.InvalidParams r -> INVALID_PARAMS;
            case Refusal.Malformed r -> MALFORMED;
            case Refusal.HeaderMismatch r -> HEADER_MISMATCH;
            case Refusal.MethodNotFound r -> METHOD_NOT_FOUND;
            case Refusal.UnsupportedVersion r -> UNSUPPORTED_VERSION;
            case Refusal.MissingCapability r -> MISSING_CAPABILITY;
            case Refusal.UrlElicitationRequired r -> URL_ELICITATION_REQUIRED;
            case Refusal.InvalidState r -> INVALID_STATE;
            case Refusal.Cancelled r -> CANCELLED;
            case Refusal.Earlier r -> error("earlier", r.error().code());
            case Refusal.Internal r -> INTERNAL;
            case Refusal.Custom r -> error("custom", r.code());
        };
    }

    public boolean isError() {
        return !errorType.isEmpty();
    }
}
