package dev.mortise.security.token;

import dev.mortise.security.auth.CredentialVerifier;
import java.util.Set;

/** Keeps the token of whom another verifier admits. */
record ExchangingVerifier(CredentialVerifier verifier) implements CredentialVerifier {
    @Override
    public Verdict verify(Presented presented) {
        return switch (verifier.verify(presented)) {
            case Verdict.Verified verified ->
                new Verdict.Verified(
                        verified.caller().with(SubjectToken.ATTRIBUTE, new SubjectToken(presented.token())));
            case Verdict.Invalid invalid -> invalid;
            case Verdict.Pass pass -> pass;
        };
    }

    @Override
    public Set<String> issuersWithoutEnvironment() {
        return verifier.issuersWithoutEnvironment();
    }
}
