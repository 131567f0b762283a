package dev.mortise.security.internal.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Decides what this server may be made to fetch. Secrets and keys travel over HTTPS, or to this machine by a literal
 * loopback address. What a document named is public, or of the origin that named it: nobody who writes a document makes
 * this server look around in the networks that it stands in.
 */
public final class AddressGuard {
    private static final Set<String> LOOPBACK_HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private AddressGuard() {}

    /** Checks a URL from the configuration, when that is made. */
    public static URI configured(URI url) {
        String problem = problem(url);
        if (problem != null) {
            throw new IllegalArgumentException(url + " is not used: " + problem);
        }
        return url;
    }

    /** Checks where a URL leads right now: never where clouds keep their secrets. */
    static void check(URI url) throws IOException {
        String problem = problem(url);
        if (problem != null) {
            throw new IOException(url.getHost() + " is not used: " + problem);
        }
        for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
            if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw new IOException(url.getHost() + " is not used: its address belongs to no server");
            }
        }
    }

    /** Checks a URL that a document named. */
    public static void checkNamed(URI url, URI by) throws IOException {
        check(url);
        if (origin(url).equals(origin(by))) {
            return;
        }
        if (!"https".equalsIgnoreCase(url.getScheme())
                || Arrays.stream(InetAddress.getAllByName(url.getHost())).anyMatch(AddressGuard::isPrivate)) {
            throw new IOException(url.getHost() + " is not used: it is less public than a document may name");
        }
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            boolean unique = (bytes[0] & 0xFE) == 0xFC;
            // ::1 and all forms of an IPv4 address within an IPv6 one, but for the next two (RFC 4291 section 2.4).
            boolean reserved = bytes[0] == 0;
            boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
            boolean teredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
            return unique || reserved || sixToFour || teredo || address.isSiteLocalAddress();
        }
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        boolean shared = first == 100 && second >= 64 && second < 128;
        boolean special = first == 0 || first >= 240 || (first == 198 && (second == 18 || second == 19));
        boolean protocol = first == 192 && second == 0 && bytes[2] == 0;
        return shared || special || protocol || address.isLoopbackAddress() || address.isSiteLocalAddress();
    }

    private static @org.jspecify.annotations.Nullable String problem(URI url) {
        if (url.getScheme() == null || url.getHost() == null || url.getRawUserInfo() != null) {
            return "it is not an absolute URL without user";
        }
        if (url.getRawFragment() != null) {
            return "it has a fragment";
        }
        return switch (url.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> null;
            case "http" -> LOOPBACK_HOSTS.contains(url.getHost()) ? null : "plain HTTP is for this machine alone";
            default -> "its scheme is not https";
        };
    }

    private static String origin(URI url) {
        return (url.getScheme() + "://" + url.getRawAuthority()).toLowerCase(Locale.ROOT);
    }
}
