package dev.mortise.mcp.internal.dispatch;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that broke: its reference goes to the peer, everything else to the log. */
public final class Incident {
    private static final Logger LOG = LoggerFactory.getLogger("dev.mortise.mcp.incident");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Incident() {}

    /**
     * Logs what broke.
     *
     * @return the reference to find it by
     */
    public static String log(String what, Throwable cause) {
        byte[] bytes = new byte[6];
        RANDOM.nextBytes(bytes);
        String reference = HexFormat.of().formatHex(bytes);
        LOG.error("{} [{}]", what, reference, cause);
        return reference;
    }
}
