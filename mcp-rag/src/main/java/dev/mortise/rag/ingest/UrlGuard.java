package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which URLs may be fetched for somebody: those of the internet, and of hosts that the operator named. Whoever
 * asks for a document must not make this server look around in the networks that it stands in.
 *
 * @param plainHttp whether HTTP is allowed beside HTTPS
 * @param trusted hosts whose addresses may be private, in lower case
 */
record UrlGuard(boolean plainHttp, Set<String> trusted, Resolver resolver) {
    UrlGuard {
        trusted = Set.copyOf(trusted);
    }

    /** The addresses to fetch this URL from; all of them are allowed. */
    List<InetAddress> check(URI url) throws DocumentRejected {
        String host = url.getHost();
        if (url.getScheme() == null || host == null || url.getRawUserInfo() != null) {
            throw refused("A document is fetched from an absolute URL with a host and without a user");
        }
        switch (url.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> {}
            case "http" -> {
                if (!plainHttp) {
                    throw refused("Documents are fetched by HTTPS only");
                }
            }
            default -> throw refused("Documents are fetched by HTTPS, not by other schemes");
        }
        List<InetAddress> addresses = resolve(host);
        // One private address among public ones is as bad: which of them is used is not the operator's choice.
        if (!trusted.contains(host.toLowerCase(Locale.ROOT))
                && !addresses.stream().allMatch(PublicAddress::is)) {
            throw refused("Its address is not of the public internet");
        }
        return addresses;
    }

    private List<InetAddress> resolve(String host) throws DocumentRejected {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            List<InetAddress> addresses = resolver.resolve(name);
            if (!addresses.isEmpty()) {
                return addresses;
            }
        } catch (UnknownHostException e) {
            throw new DocumentRejected(Reason.UNREACHABLE, "There is no such host", e);
        }
        throw refused("There is no such host");
    }

    private static DocumentRejected refused(String why) {
        return new DocumentRejected(Reason.UNREACHABLE, why);
    }
}
