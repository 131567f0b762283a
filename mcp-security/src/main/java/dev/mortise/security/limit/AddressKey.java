package dev.mortise.security.limit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Whom an address stands for: an IPv4 address for itself, an IPv6 address for its /64, since that is the least that a
 * customer of a provider gets. An IPv4 address that is written as IPv6 (mapped, or through NAT64) is one.
 */
final class AddressKey {
    private static final Pattern IPV4 = Pattern.compile("(?:\\d{1,3}\\.){3}\\d{1,3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");

    private AddressKey() {}

    /** All that is no address has one key. */
    static String of(String address) {
        String plain =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        int zone = plain.indexOf('%');
        if (zone >= 0) {
            plain = plain.substring(0, zone);
        }
        if (!IPV4.matcher(plain).matches()
                && !(plain.indexOf(':') >= 0 && IPV6.matcher(plain).matches())) {
            return "unknown";
        }
        try {
            // A literal, as was just seen: no name is looked up.
            InetAddress parsed = InetAddress.getByName(plain);
            byte[] bytes = parsed.getAddress();
            if (parsed instanceof Inet4Address) {
                return parsed.getHostAddress();
            }
            if (startsWith(bytes, NAT64)) {
                return (bytes[12] & 0xff) + "." + (bytes[13] & 0xff) + "." + (bytes[14] & 0xff) + "."
                        + (bytes[15] & 0xff);
            }
            return HexFormat.of().formatHex(bytes, 0, 8) + "/64";
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
