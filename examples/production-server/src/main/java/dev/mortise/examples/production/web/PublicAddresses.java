package dev.mortise.examples.production.web;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Tells addresses of the internet from those of networks that this server merely stands in. */
final class PublicAddresses {
    private PublicAddresses() {}

    /** Whether it is one that everybody reaches (IANA's registries of special-purpose addresses). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return switch (address) {
            case Inet4Address four -> isPublic4(four.getAddress());
            case Inet6Address six -> isPublic6(six.getAddress());
            default -> false;
        };
    }

    private static boolean isPublic4(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        int third = bytes[2] & 0xFF;
        boolean shared = first == 100 && second >= 64 && second < 128;
        boolean protocols = first == 192 && second == 0 && (third == 0 || third == 2);
        boolean relays = first == 192 && second == 88 && third == 99;
        boolean benchmarks = first == 198 && (second == 18 || second == 19);
        boolean documentation =
                (first == 198 && second == 51 && third == 100) || (first == 203 && second == 0 && third == 113);
        return first != 0 && first < 224 && !shared && !protocols && !relays && !benchmarks && !documentation;
    }

    /** Global unicast is 2000::/3; inside it, what carries IPv4 addresses in it could carry a private one. */
    private static boolean isPublic6(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        boolean unicast = (first & 0xE0) == 0x20;
        // 2001::/23 has Teredo and other protocols in it; 2001:db8::/32 is for documentation; 2002::/16 is 6to4.
        boolean protocols = first == 0x20 && second == 0x01 && (bytes[2] & 0xFE) == 0;
        boolean documentation = (first == 0x20 && second == 0x01 && bytes[2] == 0x0d && (bytes[3] & 0xFF) == 0xb8)
                || (first == 0x3f && second == 0xff);
        boolean sixToFour = first == 0x20 && second == 0x02;
        return unicast && !protocols && !documentation && !sixToFour;
    }
}
