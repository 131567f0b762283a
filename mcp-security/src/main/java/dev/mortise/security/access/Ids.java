package dev.mortise.security.access;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names of grants and approvals. They authorize nothing, and cannot be guessed all the same. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static String random(String kind) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return kind + "_" + HexFormat.of().formatHex(bytes);
    }
}
