package dev.mortise.security.auth;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The head of a request as if it had been sent to another address: verifiers find the endpoint of a token by it. */
record HeadAt(HttpHead head, URI uri) implements HttpHead {
    @Override
    public String method() {
        return head.method();
    }

    @Override
    public Optional<String> query() {
        return head.query();
    }

    @Override
    public List<String> headers(String name) {
        return head.headers(name);
    }

    @Override
    public String remoteAddress() {
        return head.remoteAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return head.peerCertificates();
    }
}
