package dev.mortise.mcp.internal.auth;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** How public an address is, the most public first. */
enum Zone {
    PUBLIC,
    /** Of a network that is not the internet: RFC 1918, 4193, 6598 and what is reserved. */
    PRIVATE,
    LOOPBACK,
    /** Of no use to a client, and where clouds keep their secrets: link-local, multicast, unspecified. */
    FORBIDDEN;

    static Zone of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        if (address.isAnyLocalAddress() || address.isLinkLocalAddress() || address.isMulticastAddress()) {
            return FORBIDDEN;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4(bytes) : ofIpv6((Inet6Address) address, bytes);
    }

    private static Zone ofIpv4(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        return switch (first) {
            case 0 -> FORBIDDEN;
            case 10 -> PRIVATE;
            case 100 -> second >= 64 && second < 128 ? PRIVATE : PUBLIC;
            case 172 -> second >= 16 && second < 32 ? PRIVATE : PUBLIC;
            case 192 -> second == 168 || (second == 0 && bytes[2] == 0) ? PRIVATE : PUBLIC;
            case 198 -> second == 18 || second == 19 ? PRIVATE : PUBLIC;
            default -> first >= 240 ? FORBIDDEN : PUBLIC;
        };
    }

    private static Zone ofIpv6(Inet6Address address, byte[] bytes) {
        if (address.isIPv4CompatibleAddress()) {
            return FORBIDDEN;
        }
        if (address.isSiteLocalAddress() || (bytes[0] & 0xFE) == 0xFC) {
            return PRIVATE;
        }
        boolean translated = bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == (byte) 0xFF && bytes[3] == (byte) 0x9B;
        if (translated) {
            return embedded(bytes, 12);
        }
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        return sixToFour ? embedded(bytes, 2) : PUBLIC;
    }

    /** Where an IPv4 address travels inside an IPv6 one (RFC 6052, RFC 3056). */
    private static Zone embedded(byte[] bytes, int at) {
        byte[] inner = {bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]};
        try {
            return of(InetAddress.getByAddress(inner));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An IPv4 address has four bytes", e);
        }
    }
}
