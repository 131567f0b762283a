package dev.mortise.security.access;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.ListPromptsResult;
import dev.mortise.mcp.schema.ListResourceTemplatesResult;
import dev.mortise.mcp.schema.ListResourcesResult;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.security.Credential;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.ArgumentDigest;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.audit.ShownArguments;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Takes down every decision about a call, once. What is allowed is taken down before it is done; what is refused, before
 * the caller learns of it; a list, with the number of its entries. Stands at the stage that observes, because the policy
 * refuses before anything else is asked.
 */
final class DecisionLog implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int LONGEST = 512;

    private final AuditTrail audit;
    private final boolean off;
    private final Clock clock;
    private final String version;

    DecisionLog(AuditTrail audit, AccessRules rules, Clock clock) {
        this.audit = audit;
        this.off = audit.equals(AuditTrail.NONE);
        this.clock = clock;
        this.version = Integer.toHexString(rules.hierarchy().toString().hashCode());
    }

    /** Whether there is nowhere to take anything down. */
    boolean isOff() {
        return off;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Outcome outcome = chain.proceed(call);
        if (call.get(Decided.ATTRIBUTE).isPresent() || isOfNoMethod(outcome)) {
            return outcome;
        }
        AuditEvent event = switch (outcome) {
            case Outcome.Complete complete -> event(call, AuditEvent.Outcome.ALLOWED, "listed", counts(complete));
            case Outcome.InputRequired asked -> event(call, AuditEvent.Outcome.CHALLENGED, "asked", Map.of());
            case Outcome.Extended extended -> event(call, AuditEvent.Outcome.ALLOWED, "allowed", Map.of());
            case Outcome.Refused refused -> refusal(call, refused.refusal());
        };
        return record(call, event).<Outcome>map(Outcome.Refused::new).orElse(outcome);
    }

    private static boolean isOfNoMethod(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                && (refused.refusal() instanceof Refusal.MethodNotFound
                        || refused.refusal() instanceof Refusal.UnsupportedVersion
                        || refused.refusal() instanceof Refusal.Malformed
                        || refused.refusal() instanceof Refusal.HeaderMismatch);
    }

    private AuditEvent refusal(Call call, Refusal refusal) {
        if (refusal instanceof Refusal.MissingScope) {
            return event(call, AuditEvent.Outcome.CHALLENGED, "missing-scope", Map.of());
        }
        if (refusal instanceof Refusal.NotFound) {
            Target target = call.target();
            Requirement requirement =
                    target.attributes().get(Requirement.ATTRIBUTE).orElse(Requirement.NONE);
            String why = target.exists() ? AccessPolicy.reason(call.caller(), target, requirement) : "unknown";
            return event(call, AuditEvent.Outcome.DENIED, why == null ? "policy-failed" : why, Map.of());
        }
        return event(call, AuditEvent.Outcome.FAILED, refusal.getClass().getSimpleName(), Map.of());
    }

    private Map<String, String> counts(Outcome.Complete complete) {
        int entries = switch (complete.result()) {
            case ListToolsResult tools -> tools.tools().size();
            case ListPromptsResult prompts -> prompts.prompts().size();
            case ListResourcesResult resources -> resources.resources().size();
            case ListResourceTemplatesResult templates ->
                templates.resourceTemplates().size();
            default -> -1;
        };
        return entries < 0 ? Map.of() : Map.of("shown", Integer.toString(entries), "policy", version);
    }

    AuditEvent event(Call call, AuditEvent.Outcome outcome, String reason, Map<String, String> details) {
        Caller caller = call.caller();
        Target target = call.target();
        SecurityLevel level =
                target.kind() == Target.Kind.NONE || !target.exists() ? null : AccessPolicy.level(target.attributes());
        return new AuditEvent(
                clock.instant(),
                AuditEvent.Kind.DECISION,
                outcome,
                caller.subject(),
                caller.tenant().orElse(null),
                caller.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                call.method(),
                target.name().isEmpty() ? null : shortened(target.name()),
                level,
                reason,
                shortened(call.requestId().toString()),
                traceId(call),
                withArguments(call, details));
    }

    /** With a digest of the arguments, or with those of them that the tool says are harmless. */
    private static Map<String, String> withArguments(Call call, Map<String, String> details) {
        Target.Kind kind = call.target().kind();
        if (kind != Target.Kind.TOOL && kind != Target.Kind.PROMPT) {
            return details;
        }
        JsonNode arguments = call.params().get("arguments");
        if (arguments == null || !arguments.isObject()) {
            return details;
        }
        ShownArguments shown =
                call.target().attributes().get(ShownArguments.ATTRIBUTE).orElse(null);
        String text = shown == null ? ArgumentDigest.of(arguments) : ArgumentDigest.redacted(arguments, shown.names());
        if (details.isEmpty()) {
            return Map.of(ArgumentDigest.DETAIL, text);
        }
        Map<String, String> more = new HashMap<>(details);
        more.put(ArgumentDigest.DETAIL, text);
        return more;
    }

    private static @Nullable String traceId(Call call) {
        return call.context().traceparent().map(AuditEvent::traceId).orElse(null);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /**
     * Takes an event down.
     *
     * @return what refuses the call if the trail does not let it go on without
     */
    Optional<Refusal> record(Call call, AuditEvent event) {
        call.set(Decided.ATTRIBUTE, Decided.RECORDED);
        try {
            audit.record(event);
            return Optional.empty();
        } catch (AuditUnavailable e) {
            LOG.error("A decision on {} could not be taken down, so it is refused: {}", call.method(), e.toString());
            return Optional.of(new Refusal.DependencyUnavailable("audit", RETRY));
        }
    }
}
