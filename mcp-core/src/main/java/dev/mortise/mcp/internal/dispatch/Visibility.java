package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Policy;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.internal.text.Excerpt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's policy, failing closed; without one everything is allowed. */
public final class Visibility {
    private static final Logger LOG = LoggerFactory.getLogger(Visibility.class);

    private final @Nullable Policy policy;

    public Visibility(@Nullable Policy policy) {
        this.policy = policy;
    }

    Decision decide(Caller caller, Target target) {
        if (policy == null || target.kind() == Target.Kind.NONE) {
            return Decision.ALLOW;
        }
        try {
            return policy.decide(caller, target);
        } catch (RuntimeException e) {
            LOG.error("The policy failed on {} and {}: denied", caller, Excerpt.of(target.name(), 128), e);
            return Decision.DENY;
        }
    }
}
