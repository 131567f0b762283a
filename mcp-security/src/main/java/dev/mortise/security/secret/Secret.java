package dev.mortise.security.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.auth.Destroyable;

/**
 * A value that nobody should see: it is in no {@code toString}, no message of an exception, and cannot be serialized.
 * Comparing takes the same time wherever two secrets differ. Immutable but for its end; thread-safe.
 */
public final class Secret implements Destroyable {
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] value;
    private boolean destroyed;

    private Secret(byte[] value) {
        this.value = value;
    }

    /** Takes a copy. */
    public static Secret of(byte[] value) {
        return new Secret(value.clone());
    }

    /** As UTF-8. The string stays in memory until it is collected: prefer {@link #of(char[])} where there is a choice. */
    public static Secret of(String value) {
        return new Secret(value.getBytes(StandardCharsets.UTF_8));
    }

    /** As UTF-8; takes a copy. */
    public static Secret of(char[] value) {
        ByteBuffer encoded = ByteBuffer.allocate(3 * value.length);
        CoderResult result = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(value), encoded, true);
        if (!result.isUnderflow()) {
            throw new IllegalStateException("UTF-8 takes at most three bytes for a char");
        }
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return new Secret(bytes);
    }

    /**
     * A copy, which the caller should overwrite after use.
     *
     * @throws IllegalStateException if it was destroyed
     */
    public byte[] bytes() {
        lock.lock();
        try {
            if (destroyed) {
                throw new IllegalStateException("This secret was destroyed");
            }
            return value.clone();
        } finally {
            lock.unlock();
        }
    }

    /**
     * As text, for what takes nothing else; it stays in memory until it is collected.
     *
     * @throws IllegalStateException if it was destroyed
     */
    public String text() {
        byte[] bytes = bytes();
        try {
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** In bytes; 0 once it was destroyed. */
    public int length() {
        lock.lock();
        try {
            return destroyed ? 0 : value.length;
        } finally {
            lock.unlock();
        }
    }

    /** Overwrites it. */
    @Override
    public void destroy() {
        lock.lock();
        try {
            Arrays.fill(value, (byte) 0);
            destroyed = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isDestroyed() {
        lock.lock();
        try {
            return destroyed;
        } finally {
            lock.unlock();
        }
    }

    /** A secret that was destroyed equals only itself. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Secret secret)) {
            return false;
        }
        byte[] mine;
        byte[] theirs;
        try {
            mine = bytes();
            theirs = secret.bytes();
        } catch (IllegalStateException e) {
            return false;
        }
        try {
            return MessageDigest.isEqual(mine, theirs);
        } finally {
            Arrays.fill(mine, (byte) 0);
            Arrays.fill(theirs, (byte) 0);
        }
    }

    /** The same for all: a hash would say something about the value. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[…]";
    }
}
