package dev.mortise.security.crypto;

import java.security.GeneralSecurityException;

/**
 * Encrypts the keys of tenants with a key that is kept elsewhere: a cloud's KMS, Vault's transit engine, PKCS#11, a suite
 * that a nation demands. It is asked when a tenant's keys are made, changed, or needed for the first time in a process;
 * not for each value. Thread-safe; may block.
 */
public interface KeyEncryption {
    /** The id of the key that {@link #wrap} uses now; up to 200 characters, no secret. Asked often: no network. */
    String currentKey();

    /**
     * Encrypts with {@link #currentKey}, authenticated.
     *
     * @param keys a few hundred bytes
     * @param context has to be the same for unwrapping; authenticated, not secret
     * @throws KeyEncryptionUnavailable if it cannot be asked now
     */
    Wrapped wrap(byte[] keys, byte[] context);

    /**
     * Decrypts.
     *
     * @throws GeneralSecurityException if these are not the bytes or the context that were wrapped, or the key is unknown
     * @throws KeyEncryptionUnavailable if it cannot be asked now
     */
    byte[] unwrap(Wrapped wrapped, byte[] context) throws GeneralSecurityException;

    /**
     * What was encrypted, and with which key.
     *
     * @param key its id
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes that are handed through, and never compared.
    record Wrapped(String key, byte[] bytes) {}
}
