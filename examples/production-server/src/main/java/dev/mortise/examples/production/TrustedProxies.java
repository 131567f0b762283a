package dev.mortise.examples.production;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hc.core5.net.InetAddressUtils;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is behind proxies: limits of addresses and the audit log would know the proxy alone. {@code X-Forwarded-For}
 * is read from its end, as far as those who wrote it are trusted; the first address that is not is the client. What
 * clients write into it themselves stands before that, and is not read. Immutable.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {
    private static final String FIELD = "X-Forwarded-For";
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final InetAddressSet trusted = new InetAddressSet();

    /**
     * Trusts these.
     *
     * @param networks by comma, each an address or a network as 10.0.0.0/8
     * @throws IllegalArgumentException if one is neither
     */
    TrustedProxies(String networks) {
        Stream.of(COMMA.split(networks.strip()))
                .filter(network -> !network.isEmpty())
                .forEach(trusted::add);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        if (!(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer)
                || peer.getAddress() == null) {
            return request;
        }
        InetAddress client = client(peer.getAddress(), request.getHeaders().getCSV(FIELD, false));
        return client.equals(peer.getAddress()) ? request : new Forwarded(request, client);
    }

    /** @param forwarded the field's values, in their order */
    InetAddress client(InetAddress peer, List<String> forwarded) {
        InetAddress client = peer;
        for (String value : forwarded.reversed()) {
            InetAddress before = trusted.test(client) ? literal(value) : null;
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    /** Null for what is no address, which is never looked up as a name. */
    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddressUtils.isIPv4(text) || InetAddressUtils.isIPv6(text) ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** The request as if the client had made the connection. */
    private static final class Forwarded extends Request.Wrapper {
        private final ConnectionMetaData connection;

        Forwarded(Request request, InetAddress client) {
            super(request);
            SocketAddress address = new InetSocketAddress(client, 0);
            connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return address;
                }

                @Override
                public Connection getConnection() {
                    return getWrapped().getConnection();
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
