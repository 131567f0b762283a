package dev.mortise.rag.ingest;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Tells the addresses of the internet from those of the networks that this process stands in (the special-purpose
 * registries of IANA, RFC 6890). An IPv4 address that travels inside an IPv6 one counts as what it is.
 */
final class PublicAddress {
    private PublicAddress() {}

    static boolean is(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4(bytes, 0) : ofIpv6(bytes);
    }

    private static boolean ofIpv4(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        int third = bytes[at + 2] & 0xFF;
        return switch (first) {
            case 0, 10, 127 -> false;
            case 100 -> second < 64 || second > 127; // shared between carriers and customers
            case 169 -> second != 254; // link-local, where clouds keep their secrets
            case 172 -> second < 16 || second > 31;
            case 192 ->
                !(second == 168
                        || (second == 0 && (third == 0 || third == 2)) // protocol assignments, documentation
                        || (second == 88 && third == 99)); // relays of 6to4
            case 198 -> !(second == 18 || second == 19 || (second == 51 && third == 100)); // benchmarks, documentation
            case 203 -> !(second == 0 && third == 113); // documentation
            default -> first < 224; // multicast, reserved, broadcast
        };
    }

    private static boolean ofIpv6(byte[] bytes) {
        int first = word(bytes, 0);
        int second = word(bytes, 2);
        // The well-known prefix of translators (RFC 6052 section 2.1).
        if (first == 0x0064 && second == 0xFF9B && allZero(bytes, 4, 12)) {
            return ofIpv4(bytes, 12);
        }
        if (first == 0x2002) { // 6to4, RFC 3056
            return ofIpv4(bytes, 2);
        }
        boolean global = (first & 0xE000) == 0x2000;
        boolean protocol = first == 0x2001 && second < 0x0200; // Teredo, ORCHID, benchmarks
        boolean documentation = (first == 0x2001 && second == 0x0DB8) || (first == 0x3FFF && second < 0x1000);
        return global && !protocol && !documentation;
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static boolean allZero(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }
}
