package dev.mortise.security.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.aead.XAesGcmParameters;
import java.security.GeneralSecurityException;
import java.util.Objects;

/**
 * The keys of one tenant, unwrapped. The newest seals, all of them open. Immutable.
 *
 * <p>XAES-256-GCM, whose nonces of 192 bits may be random for as many values as anybody has. With the 96 bits of plain GCM
 * a key would have to go after 2^32 of them, and no replica knows how many the others have sealed.
 */
final class TenantKeys {
    private static final XAesGcmParameters PARAMETERS = PredefinedAeadParameters.XAES_256_GCM_192_BIT_NONCE;
    private static final Configuration TINK = AeadConfig2026.get();

    private final long version;
    private final KeysetHandle keyset;
    private final Aead aead;

    private TenantKeys(long version, KeysetHandle keyset) throws GeneralSecurityException {
        for (int i = 0; i < keyset.size(); i++) {
            if (!PARAMETERS.equals(keyset.getAt(i).getKey().getParameters())) {
                throw new GeneralSecurityException("A key of another sort");
            }
        }
        this.version = version;
        this.keyset = keyset;
        this.aead = Objects.requireNonNull(keyset.getPrimitive(TINK, Aead.class));
    }

    static TenantKeys generate() throws GeneralSecurityException {
        return new TenantKeys(1, KeysetHandle.generateNew(PARAMETERS, TINK));
    }

    /** With one more key, which seals from now on. */
    TenantKeys rotated() throws GeneralSecurityException {
        return new TenantKeys(
                version + 1,
                KeysetHandle.newBuilder(keyset)
                        .setConfiguration(TINK)
                        .addEntry(KeysetHandle.generateEntryFromParameters(PARAMETERS)
                                .withRandomId()
                                .makePrimary())
                        .build());
    }

    /** The same keys, to be wrapped anew. */
    TenantKeys again() throws GeneralSecurityException {
        return new TenantKeys(version + 1, keyset);
    }

    static TenantKeys unwrap(DataKeyStore.DataKeys stored, KeyEncryption encryption) throws GeneralSecurityException {
        byte[] serialized = stored.wrapped().bytes();
        Wrapping wrapping = new Wrapping(encryption, stored.wrapped().key());
        return new TenantKeys(
                stored.version(),
                TinkProtoKeysetFormat.parseEncryptedKeyset(serialized, wrapping, context(stored.tenant()), TINK));
    }

    DataKeyStore.DataKeys wrap(String tenant, KeyEncryption encryption) throws GeneralSecurityException {
        Wrapping wrapping = new Wrapping(encryption, encryption.currentKey());
        byte[] wrapped = TinkProtoKeysetFormat.serializeEncryptedKeyset(keyset, wrapping, context(tenant), TINK);
        return new DataKeyStore.DataKeys(tenant, version, new KeyEncryption.Wrapped(wrapping.usedKey(), wrapped));
    }

    /** The keys of one tenant are not those of another, even if somebody exchanges the rows. */
    private static byte[] context(String tenant) {
        return new Field(tenant, "crypto_data_key", "wrapped", "").associatedData((byte) 0);
    }

    long version() {
        return version;
    }

    byte[] seal(byte[] plain, byte[] associatedData) throws GeneralSecurityException {
        return aead.encrypt(plain, associatedData);
    }

    byte[] open(byte[] sealed, byte[] associatedData) throws GeneralSecurityException {
        return aead.decrypt(sealed, associatedData);
    }

    boolean hasKey(int id) {
        for (int i = 0; i < keyset.size(); i++) {
            if (keyset.getAt(i).getId() == id) {
                return true;
            }
        }
        return false;
    }

    /** A key encryption as Tink asks for one. */
    private static final class Wrapping implements Aead {
        private final KeyEncryption encryption;
        private String key;

        Wrapping(KeyEncryption encryption, String key) {
            this.encryption = encryption;
            this.key = key;
        }

        String usedKey() {
            return key;
        }

        @Override
        public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
            KeyEncryption.Wrapped wrapped = encryption.wrap(plaintext, associatedData);
            key = wrapped.key();
            return wrapped.bytes();
        }

        @Override
        public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
            return encryption.unwrap(new KeyEncryption.Wrapped(key, ciphertext), associatedData);
        }
    }
}
