package dev.mortise.mcp.internal.dispatch;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that broke: its reference goes to the peer, everything else to the log. */
public final class Incident {
    private static final Logger LOG = LoggerFactory.getLogger("dev.mortise.mcp.incident");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
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
        // Names in it may come from a peer: they must not make lines of their own.
        LOG.error("{} [{}]", CONTROL.matcher(what).replaceAll("?"), reference, cause);
        return reference;
    }
}
