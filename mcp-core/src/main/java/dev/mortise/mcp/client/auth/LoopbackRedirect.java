package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.LoopbackListener;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.Optional;

/**
 * Takes the authorization response on this machine (RFC 8252 section 7.3): listens on 127.0.0.1 while one is waited for,
 * takes the first with the right path and state, shows the user a small page, and is gone. Immutable.
 */
public final class LoopbackRedirect implements Redirect {
    private final int port;
    private final String path;

    private LoopbackRedirect(int port, String path) {
        this.port = port;
        this.path = path;
    }

    /** On a port that is free, the one of last time if it still is: {@code http://127.0.0.1:PORT/callback}. */
    public static LoopbackRedirect onFreePort() {
        return new LoopbackRedirect(0, "/callback");
    }

    /** On one port, for authorization servers that want to know it beforehand. */
    public static LoopbackRedirect onPort(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is 1 to 65535, not " + port);
        }
        return new LoopbackRedirect(port, "/callback");
    }

    /** With another path than {@code /callback}. */
    public LoopbackRedirect path(String newPath) {
        if (!newPath.matches("/[A-Za-z0-9/_.-]*")) {
            throw new IllegalArgumentException("The path begins with a slash and has letters, digits, /, _, . and -");
        }
        return new LoopbackRedirect(port, newPath);
    }

    @Override
    public Pending open(String state, Optional<URI> earlier) throws IOException {
        int before = earlier.map(URI::getPort).orElse(-1);
        if (port == 0 && before > 0) {
            try {
                return LoopbackListener.open(before, path, state);
            } catch (BindException e) {
                // Somebody else has it by now; the client will be registered once more.
            }
        }
        return LoopbackListener.open(port, path, state);
    }
}
