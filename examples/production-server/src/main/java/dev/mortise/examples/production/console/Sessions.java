package dev.mortise.examples.production.console;

import dev.mortise.security.standing.RevokedCredentials;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions as sealed texts, which the browser keeps in its cookie and cannot read: no replica remembers them, and each can
 * open them. The only thing that is stored is which of them were signed out. Thread-safe.
 */
final class Sessions {
    /** After this time without a request that somebody caused. */
    static final Duration IDLE = Duration.ofMinutes(15);

    /** Whatever happens. */
    static final Duration LONGEST = Duration.ofHours(8);

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int ID = 16;
    private static final int MOST_KEY = 512;

    private final SecretKeySpec seal;
    private final byte[] place;
    private final RevokedCredentials ended;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * Seals with a key.
     *
     * @param seal 32 bytes, the same on all replicas
     * @param place where a session is good, such as the address of the server
     * @param ended remembers those that were signed out
     */
    Sessions(byte[] seal, String place, RevokedCredentials ended, Clock clock) {
        this.seal = new SecretKeySpec(seal, "AES");
        this.place = ("console session\n" + place).getBytes(StandardCharsets.UTF_8);
        this.ended = ended;
        this.clock = clock;
    }

    Session begin(String key) {
        byte[] id = new byte[ID];
        random.nextBytes(id);
        Instant now = clock.instant();
        return new Session(HexFormat.of().formatHex(id), key, now, now);
    }

    /** The same session, with somebody in front of it just now. */
    Session renewed(Session session) {
        return session.seenAt(clock.instant());
    }

    /** How long it is still good if nothing happens. */
    Duration left(Session session) {
        Instant idle = session.seen().plus(IDLE);
        Instant longest = session.began().plus(LONGEST);
        return Duration.between(clock.instant(), idle.isBefore(longest) ? idle : longest);
    }

    String sealed(Session session) {
        byte[] id = HexFormat.of().parseHex(session.id());
        byte[] key = session.key().getBytes(StandardCharsets.UTF_8);
        byte[] plain = ByteBuffer.allocate(ID + 2 * Long.BYTES + key.length)
                .put(id)
                .putLong(session.began().toEpochMilli())
                .putLong(session.seen().toEpochMilli())
                .put(key)
                .array();
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] secret = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            byte[] all = ByteBuffer.allocate(NONCE + secret.length)
                    .put(nonce)
                    .put(secret)
                    .array();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }

    /** The session, if it was sealed here, is not over and was not signed out. */
    Optional<Session> open(String text) {
        if (text.length() > 2 * MOST_KEY) {
            return Optional.empty();
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(text);
            if (all.length <= NONCE + ID + 2 * Long.BYTES) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOf(all, NONCE);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(all, NONCE, all.length - NONCE);
            return Optional.of(read(plain))
                    .filter(session -> left(session).isPositive())
                    .filter(session -> !ended.isRevoked(ending(session)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Of another place, another secret, or nobody's: all the same.
            return Optional.empty();
        }
    }

    private static Session read(byte[] plain) {
        ByteBuffer buffer = ByteBuffer.wrap(plain);
        byte[] id = new byte[ID];
        buffer.get(id);
        Instant began = Instant.ofEpochMilli(buffer.getLong());
        Instant seen = Instant.ofEpochMilli(buffer.getLong());
        String key = StandardCharsets.UTF_8.decode(buffer).toString();
        return new Session(HexFormat.of().formatHex(id), key, began, seen);
    }

    /** Signs it out: also whoever has a copy of its cookie. */
    void end(Session session) {
        ended.revoke(ending(session), session.began().plus(LONGEST));
    }

    private static String ending(Session session) {
        return "console-session:" + session.id();
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, seal, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }
}
