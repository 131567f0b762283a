package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.Grant;
import dev.mortise.mcp.internal.auth.JwtBearerGrant;
import dev.mortise.mcp.internal.auth.WorkloadAssertion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Authorization of a program by the platform that it runs on. Needs {@link #issuer}: the token goes nowhere else. */
public final class WorkloadIdentityBuilder extends OAuthBuilder<WorkloadIdentityBuilder> {
    private final WorkloadToken token;
    private @Nullable RegisteredClient registered;

    WorkloadIdentityBuilder(WorkloadToken token) {
        this.token = token;
    }

    /** The client that the authorization server knows, where the token alone does not say enough. */
    public WorkloadIdentityBuilder registered(RegisteredClient client) {
        this.registered = client;
        return this;
    }

    @Override
    Grant grant() {
        return new JwtBearerGrant("workload", new WorkloadAssertion(token), true, Optional.ofNullable(registered));
    }

    @Override
    WorkloadIdentityBuilder self() {
        return this;
    }
}
