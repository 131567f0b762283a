package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.DesktopBrowser;
import java.io.IOException;
import java.net.URI;

/** Shows a page to the user. An application that has a way of its own to do that implements this method. */
@FunctionalInterface
public interface Browser {
    /**
     * Shows a page, and does not wait for the user.
     *
     * @param page an {@code https} URL, or an {@code http} one on this machine; it has a secret of this authorization
     *     in it and does not belong into a log
     * @throws IOException if it cannot be shown
     */
    void open(URI page) throws IOException;

    /** The browser of the desktop, opened as the operating system opens links. */
    static Browser desktop() {
        return new DesktopBrowser();
    }
}
