package dev.mortise.security.access;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.internal.json.CanonicalJson;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is asked for when a decision is wanted: of a call that came, or of one that is going to be made. Both are made here,
 * so that the decision on the one is good for the other. Thread-safe.
 */
final class ApprovalRequests {
    private static final Set<String> PER_ROUND = Set.of("_meta", "inputResponses", "requestState");
    private static final String ARGUMENTS = "arguments";
    private static final int MOST_OPEN = 100;
    private static final int LONGEST_ARGUMENTS = 16 * 1024;

    private final AccessStore store;
    private final Grants grants;
    private final Definitions definitions;
    private final AccessRules rules;
    private final Clock clock;

    ApprovalRequests(AccessStore store, Grants grants, Definitions definitions, AccessRules rules, Clock clock) {
        this.store = store;
        this.grants = grants;
        this.definitions = definitions;
        this.rules = rules;
        this.clock = clock;
    }

    Approval of(Call call, Approval.Purpose purpose, String pin) {
        return of(call.caller(), call.target(), purpose, pin, call.method(), call.params());
    }

    private Approval of(
            Caller caller, Target target, Approval.Purpose purpose, String pin, String method, ObjectNode params) {
        ObjectNode arguments = Json.object();
        params.properties().stream()
                .filter(member -> !PER_ROUND.contains(member.getKey()))
                .forEach(member -> arguments.set(member.getKey(), member.getValue()));
        boolean takesArguments = target.kind() == Target.Kind.TOOL || target.kind() == Target.Kind.PROMPT;
        if (takesArguments && !arguments.has(ARGUMENTS)) {
            // None at all are empty ones: the same call, however it is written.
            arguments.putObject(ARGUMENTS);
        }
        ObjectNode asked = Json.object().put("kind", target.kind().name()).put("name", target.name());
        if (purpose == Approval.Purpose.CALL) {
            asked.put("method", method);
            asked.set("params", arguments);
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        return new Approval(
                Ids.random("apr"),
                purpose,
                caller.identity(),
                caller.subject(),
                caller.tenant().orElse(null),
                target.kind(),
                target.name(),
                CanonicalJson.digest(asked),
                pin,
                purpose == Approval.Purpose.CALL ? CanonicalJson.of(arguments) : "",
                Approval.Status.PENDING,
                now,
                now.plus(rules.approvalTtl()),
                null,
                null,
                null,
                0);
    }

    /** Nobody can approve what nobody can read. */
    static boolean isReadable(Approval wanted) {
        return wanted.arguments().length() <= LONGEST_ARGUMENTS;
    }

    /** Asks, unless the same is asked already; empty if the caller asks for too much. */
    Optional<Approval> file(Approval wanted) {
        return store.request(wanted, MOST_OPEN, clock.instant());
    }

    /** Asks for what a call will take, before it is made. */
    Approvals.Requested request(Caller caller, Target.Kind kind, String name, ObjectNode arguments) {
        String method = method(kind);
        RunningServer server = definitions.server();
        if (server == null) {
            throw new IllegalStateException("A call is asked for at a server, and this one is not built yet");
        }
        Target target = server.entry(caller, kind, name)
                .map(entry -> Target.of(kind, name, entry.attributes()))
                .orElseGet(() -> Target.unknown(kind, name));
        Refusal refusal = refusal(server, caller, target);
        if (refusal != null) {
            return new Approvals.Requested.Refused(refusal, message(server.wording(), refusal, target));
        }
        String pin = definitions.pin(caller, target);
        return switch (AccessPolicy.level(target.attributes())) {
            case LOW, MEDIUM -> new Approvals.Requested.NotNeeded();
            case HIGH ->
                grants.hasNow(caller, target, pin)
                        ? new Approvals.Requested.NotNeeded()
                        : filed(server, of(caller, target, Approval.Purpose.STEP_UP, pin, method, Json.object()));
            case CRITICAL -> {
                ObjectNode params = params(target, arguments);
                yield filed(server, of(caller, target, Approval.Purpose.CALL, pin, method, params));
            }
        };
    }

    /** What the call would be told in front of everything else. */
    private static @Nullable Refusal refusal(RunningServer server, Caller caller, Target target) {
        return switch (server.decide(caller, target)) {
            case Decision.Allow allow -> target.exists() ? null : new Refusal.NotFound(target.kind(), target.name());
            case Decision.Challenge challenge -> challenge.refusal();
            case Decision.Deny deny -> new Refusal.NotFound(target.kind(), target.name());
        };
    }

    private Approvals.Requested filed(RunningServer server, Approval wanted) {
        AccessWording words = rules.words(server.wording().language());
        if (!isReadable(wanted)) {
            return refused(words.tooLongToApprove());
        }
        Approval open = file(wanted).orElse(null);
        return open == null ? refused(words.tooManyOpen()) : new Approvals.Requested.Open(open);
    }

    private static Approvals.Requested refused(String message) {
        return new Approvals.Requested.Refused(new Refusal.ApprovalRequired(message), message);
    }

    private static String message(Wording wording, Refusal refusal, Target target) {
        if (refusal instanceof Refusal.MissingScope missing) {
            return wording.missingScope(missing.scopes().stream().sorted().toList());
        }
        return switch (target.kind()) {
            case TOOL -> wording.unknownTool(target.name());
            case PROMPT -> wording.unknownPrompt(target.name());
            case RESOURCE -> wording.unknownResource();
            case RESOURCE_TEMPLATE, NONE -> wording.notFound();
        };
    }

    private static String method(Target.Kind kind) {
        return switch (kind) {
            case TOOL -> "tools/call";
            case PROMPT -> "prompts/get";
            case RESOURCE -> "resources/read";
            case RESOURCE_TEMPLATE, NONE ->
                throw new IllegalArgumentException("Tools, prompts and resources are approved, not: " + kind);
        };
    }

    private static ObjectNode params(Target target, ObjectNode arguments) {
        if (target.kind() == Target.Kind.RESOURCE) {
            return Json.object().put("uri", target.name());
        }
        ObjectNode params = Json.object().put("name", target.name());
        params.set(ARGUMENTS, arguments.deepCopy());
        return params;
    }
}
