package dev.mortise.mcp.internal.state;

import dev.mortise.mcp.server.StateKeys;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals bytes that travel through a client (AES-256-GCM). What a state is bound to is not stored in it but
 * authenticated with it: a state that comes back in another place does not open. Thread-safe.
 */
public final class StateSealer {
    /** The longest state that is looked at, in characters. */
    public static final int MAX_LENGTH = 256 * 1024;

    private static final byte FORMAT = 1;
    private static final int KEY_ID_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

    private record Key(int id, SecretKeySpec secret) {}

    private final List<Key> keys = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();

    public StateSealer(StateKeys stateKeys) {
        for (byte[] key : stateKeys.keys()) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
                keys.add(new Key(ByteBuffer.wrap(hash).getInt(), new SecretKeySpec(key, "AES")));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
        }
    }

    /**
     * Seals the content.
     *
     * @param binding what the state belongs to; needed again, the same, to open it
     * @return the state; empty if it would be longer than {@link #MAX_LENGTH}
     */
    public Optional<String> seal(byte[] content, byte[] binding) {
        Key key = keys.get(0);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, binding);
            ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + cipher.getOutputSize(content.length));
            out.put(FORMAT).putInt(key.id()).put(nonce);
            cipher.doFinal(ByteBuffer.wrap(content), out);
            String state = Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
            return state.length() <= MAX_LENGTH ? Optional.of(state) : Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    /** What was sealed; empty, without a reason, for every way in which a state can be wrong. */
    public Optional<byte[]> open(String state, byte[] binding) {
        if (state.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(state));
            if (in.remaining() <= HEADER_BYTES || in.get() != FORMAT) {
                return Optional.empty();
            }
            int id = in.getInt();
            byte[] nonce = new byte[NONCE_BYTES];
            in.get(nonce);
            for (Key key : keys) {
                if (key.id() == id) {
                    byte[] content = new byte[in.remaining()];
                    in.get(content);
                    return Optional.of(
                            cipher(Cipher.DECRYPT_MODE, key, nonce, binding).doFinal(content));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] binding) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(binding);
        return cipher;
    }
}
