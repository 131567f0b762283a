package dev.mortise.security.auth;

import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.internal.jose.Digests;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether whoever presents a token may: tokens can be bound to a key (DPoP) or to a client's certificate, and are of no
 * use to whoever steals them. Shared by all verifiers of tokens. Immutable.
 *
 * <p>A bound token is never taken as a plain one, even where nothing here could check what it is bound to.
 */
public final class SenderConstraints {
    private static final SenderConstraints NONE = new SenderConstraints(null, null, false);

    private final @Nullable DpopProofs dpop;
    private final @Nullable ClientCertificates certificates;
    private final boolean required;

    private SenderConstraints(@Nullable DpopProofs dpop, @Nullable ClientCertificates certificates, boolean required) {
        this.dpop = dpop;
        this.certificates = certificates;
        this.required = required;
    }

    /** Plain bearer tokens only; bound ones are refused. */
    public static SenderConstraints none() {
        return NONE;
    }

    /** Takes tokens that are bound to a key, with proofs (RFC 9449). */
    public SenderConstraints dpop(DpopProofs proofs) {
        return new SenderConstraints(proofs, certificates, required);
    }

    /** Takes tokens that are bound to certificates (RFC 8705). */
    public SenderConstraints certificates(ClientCertificates source) {
        return new SenderConstraints(dpop, source, required);
    }

    /** Takes no token that is bound to nothing. */
    public SenderConstraints required() {
        if (dpop == null && certificates == null) {
            throw new IllegalStateException("Say first what tokens may be bound to");
        }
        return new SenderConstraints(dpop, certificates, true);
    }

    boolean isRequired() {
        return required;
    }

    boolean takesCertificates() {
        return certificates != null;
    }

    List<String> dpopAlgorithms() {
        return dpop == null ? List.of() : dpop.algorithms();
    }

    /**
     * What is wrong with the sender, if anything is. Asked for each request, after everything else about the token was
     * found good: it uses proofs up.
     *
     * @param credentialId for the audit log
     */
    public Optional<Verdict.Invalid> check(
            Presented presented, ProtectedResource resource, Confirmation confirmation, String credentialId) {
        boolean byProof = presented.scheme().equals("dpop");
        if (!confirmation.understood()) {
            return invalid("The token is bound to what this server cannot check", "unknown-confirmation", credentialId);
        }
        if (required && confirmation.isNone()) {
            return invalid("This server takes tokens only that are bound to their holder", "not-bound", credentialId);
        }
        String certificate = confirmation.certificateThumbprint();
        if (certificate != null && !isHeldByPeer(presented.head(), certificate)) {
            return invalid("The token is bound to another certificate", "wrong-certificate", credentialId);
        }
        String key = confirmation.jwkThumbprint();
        if (key == null) {
            return byProof
                    ? invalid("The token is not bound to a key: present it as Bearer", "not-dpop-bound", credentialId)
                    : Optional.empty();
        }
        if (dpop == null || !byProof) {
            return invalid("The token is bound to a key: present it as DPoP, with a proof", "bound", credentialId);
        }
        return dpop.check(presented.head(), resource, presented.token(), key, credentialId);
    }

    private boolean isHeldByPeer(HttpHead head, String thumbprint) {
        return certificates != null
                && certificates
                        .thumbprint(head)
                        .map(held -> Digests.same(held, thumbprint))
                        .orElse(false);
    }

    private static Optional<Verdict.Invalid> invalid(String description, String reason, String credentialId) {
        return Optional.of(new Verdict.Invalid("invalid_token", description, reason, credentialId));
    }
}
