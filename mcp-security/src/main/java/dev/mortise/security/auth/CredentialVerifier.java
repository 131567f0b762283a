package dev.mortise.security.auth;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.transport.HttpHead;
import java.util.Map;

/**
 * Verifies one kind of credential from the {@code Authorization} field. Verifiers are asked in order, and the first
 * that does not pass decides. Called by many threads; it may block. If it throws, the request is refused with 503
 * where what it depends on is unavailable ({@link VerifierUnavailable},
 * {@link dev.mortise.mcp.store.StoreUnavailable}), and as an incident otherwise; never admitted.
 */
@FunctionalInterface
public interface CredentialVerifier {
    Verdict verify(Presented presented);

    /**
     * A credential as it was presented.
     *
     * @param scheme in lower case: {@code bearer} or {@code dpop}
     * @param token what follows the scheme; a secret
     */
    record Presented(HttpHead head, String scheme, String token) {
        @Override
        public String toString() {
            return scheme + " …";
        }
    }

    /** What a verifier says of a credential. */
    sealed interface Verdict {
        /** @param caller with its {@link dev.mortise.security.Credential} */
        record Verified(Caller caller) implements Verdict {}

        /**
         * It is of this kind, and not good.
         *
         * @param error the code of RFC 6750 section 3.1, or RFC 9449 section 7.1
         * @param description for the client: precise about its mistake, silent about what is stored here
         * @param reason for the audit log: a short constant, such as {@code expired}
         * @param credentialId as far as it is known and no secret; empty otherwise
         * @param headers further fields of the answer, such as {@code DPoP-Nonce}
         */
        record Invalid(
                String error, String description, String reason, String credentialId, Map<String, String> headers)
                implements Verdict {
            public Invalid {
                headers = Map.copyOf(headers);
            }

            public Invalid(String error, String description, String reason, String credentialId) {
                this(error, description, reason, credentialId, Map.of());
            }
        }

        /** It is of another kind: ask the next. */
        record Pass() implements Verdict {}
    }
}
