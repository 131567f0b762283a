package dev.mortise.examples.production.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Finds the addresses of hosts for connections, and only those that may be connected to. It is asked for each connection,
 * and what it gives is what is connected to: a name that leads elsewhere a moment later leads nowhere.
 */
final class GuardedAddresses implements DnsResolver {
    private final Set<String> allowed;
    private final DnsResolver names;

    /** @param allowed hosts that may have any address */
    GuardedAddresses(Set<String> allowed) {
        this(allowed, SystemDefaultDnsResolver.INSTANCE);
    }

    GuardedAddresses(Set<String> allowed, DnsResolver names) {
        this.allowed = allowed;
        this.names = names;
    }

    /** The host leads where this server does not go. */
    static final class NotPublic extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        NotPublic(String host) {
            super(host);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = names.resolve(host);
        // One private address among public ones is an attack, or a mistake: no choosing then.
        if (!allowed.contains(host) && !Arrays.stream(addresses).allMatch(PublicAddresses::isPublic)) {
            throw new NotPublic(host);
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
