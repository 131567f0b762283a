package dev.mortise.security.access;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import java.util.List;

/** Asks one verifier, and refuses those who have nothing to show. */
public record TestAuthenticator(CredentialVerifier verifier) implements Authenticator {
    @Override
    public Admission authenticate(Origin origin) {
        HttpHead head = (HttpHead) origin;
        String field = head.header("Authorization").orElse("");
        if (!field.startsWith("Bearer ")) {
            return reject("Bearer");
        }
        return switch (verifier.verify(new Presented(head, "bearer", field.substring("Bearer ".length())))) {
            case Verdict.Verified verified -> Authenticator.admit(verified.caller());
            case Verdict.Invalid invalid -> reject("Bearer error=\"" + invalid.error() + "\"");
            case Verdict.Pass pass -> reject("Bearer error=\"invalid_token\"");
        };
    }

    private static Admission reject(String challenge) {
        return Authenticator.reject(new Refusal.Unauthenticated("No credential", List.of(challenge)));
    }
}
