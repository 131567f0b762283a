package dev.mortise.mcp.server;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The secrets that request state is sealed with. All replicas that serve the same clients need the same ones. To
 * rotate, put the new key in front and keep the old one until the states it sealed have expired. Immutable.
 */
public final class StateKeys {
    private static final int BYTES = 32;

    private final List<byte[]> keys;

    private StateKeys(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * Keys of 32 bytes each.
     *
     * @param current seals new states
     * @param previous still open older ones
     */
    public static StateKeys of(byte[] current, byte[]... previous) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(checked(current));
        for (byte[] key : previous) {
            keys.add(checked(key));
        }
        return new StateKeys(List.copyOf(keys));
    }

    /** A key that this process alone has: questions asked before a restart cannot be answered after it. */
    public static StateKeys random() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return new StateKeys(List.of(key));
    }

    private static byte[] checked(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException(
                    "A state key has 32 bytes of good randomness, but this one has " + key.length);
        }
        return key.clone();
    }

    /** Copies of the keys, the sealing one first. */
    public List<byte[]> keys() {
        return keys.stream().map(byte[]::clone).toList();
    }

    @Override
    public String toString() {
        return "StateKeys[" + keys.size() + "]";
    }
}
