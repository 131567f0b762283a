package dev.mortise.security.auth;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.internal.jose.Digests;
import java.util.Map;
import java.util.Set;

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
     * Whose credentials do not say which environment they are for, by the issuers' identifiers: whoever composes a server is
     * warned of them. None unless a verifier says so.
     */
    default Set<String> issuersWithoutEnvironment() {
        return Set.of();
    }

    /**
     * A credential as it was presented, within the field that holds it. Of most requests the token is known already, and
     * nobody needs a copy of it. Immutable.
     */
    final class Presented {
        private final HttpHead head;
        private final String scheme;
        private final String line;
        private final int from;

        /**
         * A credential by itself.
         *
         * @param scheme in lower case: {@code bearer} or {@code dpop}
         * @param token what follows the scheme; a secret
         */
        public Presented(HttpHead head, String scheme, String token) {
            this(head, scheme, token, 0);
        }

        Presented(HttpHead head, String scheme, String line, int from) {
            this.head = head;
            this.scheme = scheme;
            this.line = line;
            this.from = from;
        }

        public HttpHead head() {
            return head;
        }

        /** In lower case: {@code bearer} or {@code dpop}. */
        public String scheme() {
            return scheme;
        }

        /** What follows the scheme; a secret. */
        public String token() {
            return line.substring(from);
        }

        /** Whether the token begins with this. */
        public boolean startsWith(String prefix) {
            return line.startsWith(prefix, from);
        }

        /** SHA-256 of the token in UTF-8, by which it is known again without being kept. */
        public byte[] sha256() {
            return Digests.digest(line, from);
        }

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
