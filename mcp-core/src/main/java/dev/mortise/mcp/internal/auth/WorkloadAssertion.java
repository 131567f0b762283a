package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.WorkloadToken;
import java.io.IOException;
import java.util.Set;

/** The token of a platform, for the authorization server at hand. */
public record WorkloadAssertion(WorkloadToken token) implements JwtBearerGrant.Assertion {
    @Override
    public String get(Scene scene, Set<String> scopes) throws IOException {
        return token.get(scene.metadata().issuer());
    }
}
