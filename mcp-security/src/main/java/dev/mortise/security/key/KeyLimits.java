package dev.mortise.security.key;

import dev.mortise.security.SecurityLevel;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a key reaches. Immutable.
 *
 * @param scopes that it grants
 * @param reach the highest level that it may be used for
 * @param tools the only tools that it may be used for; {@code null} for all. With this it reads no resources and gets no
 *     prompts
 * @param spend what may be spent with it in all, at least 0: a use of a tool, resource or prompt takes its {@code Limit.COST},
 *     which is 1 unless declared; what its children spend, and what was spent with the keys that it replaced, counts, too.
 *     {@code null} for no limit of its own
 * @param expiresAt {@code null} if it does not expire
 */
public record KeyLimits(
        Set<String> scopes,
        SecurityLevel reach,
        @Nullable Set<String> tools,
        @Nullable Long spend,
        @Nullable Instant expiresAt) {
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,128}");
    private static final Pattern TOOL = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int MOST = 1_000;

    /** No scopes, up to {@link SecurityLevel#MEDIUM}, all tools, for ever. */
    public static final KeyLimits BASIC = new KeyLimits(Set.of(), SecurityLevel.MEDIUM, null, null, null);

    /** @throws IllegalArgumentException if a scope or a tool is none (RFC 6749 section 3.3; tools: Tool Names), or spend is negative */
    public KeyLimits {
        scopes = Set.copyOf(scopes);
        tools = tools == null ? null : Set.copyOf(tools);
        for (String scope : scopes) {
            if (!SCOPE.matcher(scope).matches()) {
                throw new IllegalArgumentException(
                        "A scope has 1 to 128 printable characters without spaces and quotes");
            }
        }
        if (tools != null && !tools.stream().allMatch(tool -> TOOL.matcher(tool).matches())) {
            throw new IllegalArgumentException("A tool is named by 1 to 128 of A-Z a-z 0-9 _ - .");
        }
        if (scopes.size() > MOST || (tools != null && tools.size() > MOST)) {
            throw new IllegalArgumentException("A key names at most " + MOST + " scopes and " + MOST + " tools");
        }
        if (spend != null && spend < 0) {
            throw new IllegalArgumentException("What a key may spend is not negative, but is " + spend);
        }
    }

    public KeyLimits withScopes(String... newScopes) {
        return new KeyLimits(Set.of(newScopes), reach, tools, spend, expiresAt);
    }

    public KeyLimits withReach(SecurityLevel newReach) {
        return new KeyLimits(scopes, newReach, tools, spend, expiresAt);
    }

    public KeyLimits withTools(String... newTools) {
        return new KeyLimits(scopes, reach, Set.of(newTools), spend, expiresAt);
    }

    public KeyLimits withSpend(long newSpend) {
        return new KeyLimits(scopes, reach, tools, newSpend, expiresAt);
    }

    public KeyLimits withExpiry(Instant newExpiry) {
        return new KeyLimits(scopes, reach, tools, spend, newExpiry);
    }

    /** What these limits have that others do not allow, in words; {@code null} if they only narrow. */
    @Nullable
    String beyond(KeyLimits parent) {
        if (!parent.scopes.containsAll(scopes)) {
            return "scopes";
        }
        if (!parent.reach.reaches(reach)) {
            return "reach";
        }
        if (parent.tools != null && (tools == null || !parent.tools.containsAll(tools))) {
            return "tools";
        }
        if (parent.spend != null && (spend == null || spend > parent.spend)) {
            return "spend";
        }
        if (parent.expiresAt != null && (expiresAt == null || expiresAt.isAfter(parent.expiresAt))) {
            return "expiry";
        }
        return null;
    }
}
