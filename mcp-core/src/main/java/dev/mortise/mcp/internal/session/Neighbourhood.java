package dev.mortise.mcp.internal.session;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/**
 * Which addresses are taken for one host: an IPv4 address stands for itself, an IPv6 address for its network of 64
 * bits, because that is what one host is given (RFC 4291, section 2.5.4; RFC 6177).
 */
public final class Neighbourhood {
    private static final int NETWORK_BYTES = 8;

    private Neighbourhood() {}

    public static String of(String address) {
        // Only what has a colon is surely no name, and never looked up.
        if (address.indexOf(':') < 0) {
            return address;
        }
        int zone = address.indexOf('%');
        String plain = (zone < 0 ? address : address.substring(0, zone))
                .replace("[", "")
                .replace("]", "");
        try {
            InetAddress parsed = InetAddress.getByName("[" + plain + "]");
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES) + "/64"
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
