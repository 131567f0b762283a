package dev.mortise.mcp.http;

import java.util.Set;

/** The names under which a server may be addressed, in lower case. */
record AllowedHosts(Set<String> names, boolean any) {
    static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    AllowedHosts {
        names = Set.copyOf(names);
    }

    boolean allows(Authority authority) {
        return any || names.contains(authority.host());
    }

    /** Whether a web page of this host may call; that any host is allowed says nothing about web pages. */
    boolean allowsPagesOf(String host) {
        return names.contains(host);
    }
}
