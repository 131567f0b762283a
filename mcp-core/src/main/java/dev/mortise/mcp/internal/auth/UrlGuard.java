package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Decides which URLs that a server named may be fetched or shown to a user. HTTPS, or HTTP on this machine; and no
 * host that is less public than the server that named it, so that nobody on the internet makes a client look into the
 * networks it stands in.
 *
 * @param privateNetwork also lets a public server name hosts of a private network
 * @param plainHttp also lets HTTP go to other machines
 */
record UrlGuard(boolean privateNetwork, boolean plainHttp) {
    private static final int SHOWN = 200;

    /** Checks a URL from the developer's own configuration: only that secrets do not travel in the clear. */
    void checkTransport(URI url) throws AuthorizationException {
        if (!Uris.isAbsolute(url) || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw unsafe(url, "it is not an absolute URL of the web without user and fragment");
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("http");
        if (!plain && !scheme.equals("https")) {
            throw unsafe(url, "its scheme is neither https nor http");
        }
        if (plain && !plainHttp && !Uris.isLoopback(url)) {
            throw unsafe(url, "it is not HTTPS; plain HTTP is for this machine alone");
        }
    }

    /**
     * Checks a URL that came from a server or an authorization server, before it is fetched, or opened in a browser:
     * that one has the user's sessions, and reaches what this process reaches.
     */
    void check(URI url, URI server) throws AuthorizationException {
        checkTransport(url);
        if (Uris.sameOrigin(url, server)) {
            return;
        }
        Zone target = mostPrivate(url);
        Zone allowed = privateNetwork ? Zone.PRIVATE : Zone.PUBLIC;
        Zone own = ofServer(server);
        if (target.compareTo(own.compareTo(allowed) > 0 ? own : allowed) > 0) {
            throw unsafe(
                    url,
                    "its address is of a network that is less public than that of the server that named it; "
                            + "allowPrivateNetwork() permits private networks");
        }
    }

    /** Of all addresses of the server the most public, so that one more address in the DNS does not widen what it may. */
    private static Zone ofServer(URI server) throws AuthorizationException {
        if (Uris.isLoopback(server)) {
            return Zone.LOOPBACK;
        }
        Zone zone = Arrays.stream(addresses(server))
                .map(Zone::of)
                .min(Zone::compareTo)
                .orElse(Zone.PUBLIC);
        // A name that resolves to this machine is no proof that the server runs here.
        return zone.compareTo(Zone.PRIVATE) > 0 ? Zone.PUBLIC : zone;
    }

    private static Zone mostPrivate(URI url) throws AuthorizationException {
        return Arrays.stream(addresses(url)).map(Zone::of).max(Zone::compareTo).orElse(Zone.FORBIDDEN);
    }

    private static InetAddress[] addresses(URI url) throws AuthorizationException {
        try {
            return InetAddress.getAllByName(url.getHost());
        } catch (UnknownHostException e) {
            throw new AuthorizationException(
                    Reason.UNAVAILABLE, "There is no host " + Excerpt.of(url.getHost(), SHOWN), e);
        }
    }

    private static AuthorizationException unsafe(URI url, String why) {
        return new AuthorizationException(
                Reason.UNSAFE_URL, "The URL " + Excerpt.of(url.toString(), SHOWN) + " is not used: " + why);
    }
}
