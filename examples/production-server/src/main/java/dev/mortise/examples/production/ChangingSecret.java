package dev.mortise.examples.production;

import dev.mortise.security.auth.CredentialVerifier;
import java.util.List;

/**
 * Tokens of one issuer that are signed with the secret of now or with one of before. Replicas know the next secret before
 * the issuer signs with it, and the last one for as long as its tokens live: then no replica refuses what another takes.
 */
record ChangingSecret(List<CredentialVerifier> verifiers) implements CredentialVerifier {
    ChangingSecret {
        verifiers = List.copyOf(verifiers);
    }

    @Override
    public Verdict verify(Presented presented) {
        Verdict verdict = verifiers.getFirst().verify(presented);
        for (int i = 1; i < verifiers.size() && isOfAnotherSecret(verdict); i++) {
            verdict = verifiers.get(i).verify(presented);
        }
        return verdict;
    }

    /** What else may be wrong with a token is found after its signature, or is wrong with every secret. */
    private static boolean isOfAnotherSecret(Verdict verdict) {
        return verdict instanceof Verdict.Invalid invalid && invalid.reason().equals("wrong-signature");
    }
}
