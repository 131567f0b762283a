package dev.mortise.security.access;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Language;
import dev.mortise.security.auth.ProtectedResource;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How decisions are made. Immutable.
 *
 * @param hierarchy which scopes contain others
 * @param resource names the endpoint in the challenge for missing scopes; {@code null}: no challenge is sent
 * @param page where people decide on approvals; {@code null} if there is no such page
 * @param fourEyes whether an approval has to come from somebody else than who asks
 * @param approvalTtl how long an approval may take, from the request to its use
 * @param stepUpTtl how long a grant lasts that comes of a step-up
 * @param patience how long a call waits for a decision after its user has opened the page
 * @param wording in which words calls are refused; {@code null}: those that ship, in the server's language
 */
public record AccessRules(
        ScopeHierarchy hierarchy,
        @Nullable ProtectedResource resource,
        @Nullable URI page,
        boolean fourEyes,
        Duration approvalTtl,
        Duration stepUpTtl,
        Duration patience,
        @Nullable AccessWording wording) {
    public AccessRules {
        if (approvalTtl.isNegative() || approvalTtl.isZero() || stepUpTtl.isNegative() || stepUpTtl.isZero()) {
            throw new IllegalArgumentException("Approvals and step-ups last longer than nothing");
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("Patience is not negative, but is " + patience);
        }
    }

    /** Without a page; 15 minutes for approvals and step-ups, 20 seconds of patience. */
    public static final AccessRules STANDARD = new AccessRules(
            ScopeHierarchy.none(),
            null,
            null,
            false,
            Duration.ofMinutes(15),
            Duration.ofMinutes(15),
            Duration.ofSeconds(20),
            null);

    public AccessRules withHierarchy(ScopeHierarchy newHierarchy) {
        return new AccessRules(newHierarchy, resource, page, fourEyes, approvalTtl, stepUpTtl, patience, wording);
    }

    public AccessRules withResource(ProtectedResource newResource) {
        return new AccessRules(hierarchy, newResource, page, fourEyes, approvalTtl, stepUpTtl, patience, wording);
    }

    public AccessRules withPage(URI newPage, Duration newPatience) {
        return new AccessRules(hierarchy, resource, newPage, fourEyes, approvalTtl, stepUpTtl, newPatience, wording);
    }

    public AccessRules withFourEyes() {
        return new AccessRules(hierarchy, resource, page, true, approvalTtl, stepUpTtl, patience, wording);
    }

    /** With these times for approvals and for step-ups. */
    public AccessRules lasting(Duration newApprovalTtl, Duration newStepUpTtl) {
        return new AccessRules(hierarchy, resource, page, fourEyes, newApprovalTtl, newStepUpTtl, patience, wording);
    }

    public AccessRules withWording(AccessWording newWording) {
        return new AccessRules(hierarchy, resource, page, fourEyes, approvalTtl, stepUpTtl, patience, newWording);
    }

    AccessWording words(Call call) {
        return wording == null ? AccessWording.of(call) : wording;
    }

    AccessWording words(Language language) {
        return wording == null ? language.of(AccessWording.english(), AccessWording.chinese()) : wording;
    }
}
