package dev.mortise.security.internal.caller;

import dev.mortise.mcp.call.Caller;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Identities that stand for no person: whoever comes without a credential, and the process that speaks over standard streams.
 * Grants, approvals, memory and tasks are kept by identity, so nobody who shows a credential may have one of these.
 */
public final class ReservedCallers {
    private static final Set<String> IDENTITIES =
            Set.of(Caller.anonymous().identity(), Caller.local().identity());

    private ReservedCallers() {}

    public static boolean contains(Caller caller) {
        return IDENTITIES.contains(caller.identity());
    }

    /** As {@link #contains(Caller)}, of somebody who is no caller yet. */
    public static boolean contains(String subject, @Nullable String tenant) {
        // Others are told apart without a copy of their names.
        return tenant == null && contains(Caller.of(subject));
    }

    /** @throws IllegalArgumentException if nobody may have this name */
    public static void refuse(String subject, @Nullable String tenant) {
        if (contains(subject, tenant)) {
            throw new IllegalArgumentException(
                    "The subject " + subject
                            + " without a tenant stands for no person: anonymous callers and the local process have such names");
        }
    }
}
