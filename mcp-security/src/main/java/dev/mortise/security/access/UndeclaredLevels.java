package dev.mortise.security.access;

import dev.mortise.mcp.call.Target;
import dev.mortise.security.SecurityLevel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever runs a server which of its definitions need an approval for each use only because nobody said how harmful
 * they are: each once. Thread-safe.
 */
final class UndeclaredLevels {
    private static final Logger LOG = LoggerFactory.getLogger(UndeclaredLevels.class);

    /** Of definitions that come and go there is no end. */
    private static final int MOST = 100;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    void tell(Target target) {
        if (target.attributes().get(SecurityLevel.ATTRIBUTE).isEmpty()
                && told.size() < MOST
                && told.add(target.kind() + " " + target.name())) {
            LOG.warn(
                    "{} {} declares no SecurityLevel, so it counts as CRITICAL and each use of it needs an approval",
                    target.kind(),
                    target.name());
        }
    }
}
