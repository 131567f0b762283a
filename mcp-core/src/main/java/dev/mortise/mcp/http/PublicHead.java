package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A head whose URI is the one that clients know, whatever a proxy made of it. */
record PublicHead(HttpHead received, URI uri) implements HttpHead {
    @Override
    public String method() {
        return received.method();
    }

    @Override
    public Optional<String> query() {
        return received.query();
    }

    @Override
    public List<String> headers(String name) {
        return received.headers(name);
    }

    @Override
    public String remoteAddress() {
        return received.remoteAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return received.peerCertificates();
    }
}
