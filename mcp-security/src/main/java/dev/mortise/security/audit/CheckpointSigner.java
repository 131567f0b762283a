package dev.mortise.security.audit;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;

/**
 * Signs checkpoints with Ed25519 (RFC 8032). The key is the host's, and may be where it never leaves: an HSM, a KMS.
 * Called by one thread at a time; it may block.
 */
public interface CheckpointSigner {
    /** What its signatures are verified with. Its id is {@link CheckpointKeys#id}. */
    PublicKey publicKey();

    /** @throws Exception if it cannot be signed now; it is asked again for the next checkpoint */
    byte[] sign(byte[] statement) throws Exception;

    /** With a key in memory. */
    static CheckpointSigner of(KeyPair keys) {
        CheckpointKeys.requireEd25519(keys.getPublic());
        return new CheckpointSigner() {
            @Override
            public PublicKey publicKey() {
                return keys.getPublic();
            }

            @Override
            public byte[] sign(byte[] statement) throws GeneralSecurityException {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(keys.getPrivate());
                signature.update(statement);
                return signature.sign();
            }
        };
    }
}
