package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.store.StoreUnavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that broke: its reference goes to the peer, everything else to the log. */
public final class Incident {
    /** On a call whose handler broke: to a client that may look like a tool's own error, to its operator it must not. */
    public static final Attribute<String> REFERENCE = Attribute.of("dev.mortise.mcp.incident", String.class);

    private static final Logger LOG = LoggerFactory.getLogger("dev.mortise.mcp.incident");
    private static final int LONGEST = 500;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Incident() {}

    /** Logs what broke, and says why there is no answer: a store that is down is no fault of this server. */
    public static Refusal refusal(String what, Throwable cause) {
        if (cause instanceof StoreUnavailable store) {
            LOG.warn("{}: {}", Excerpt.of(what, LONGEST), cause.toString());
            return new Refusal.DependencyUnavailable(store.dependency(), RETRY_AFTER);
        }
        return new Refusal.Internal(log(what, cause));
    }

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
        LOG.error("{} [{}]", Excerpt.of(what, LONGEST), reference, cause);
        return reference;
    }
}
