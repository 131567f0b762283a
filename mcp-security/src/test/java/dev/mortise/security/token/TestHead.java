package dev.mortise.security.token;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The head of a POST to an endpoint. Immutable. */
public record TestHead(URI uri, List<String> fields, List<X509Certificate> peerCertificates) implements HttpHead {
    public static TestHead of(String uri) {
        return new TestHead(URI.create(uri), List.of(), List.of());
    }

    public TestHead with(String name, String value) {
        List<String> more = new ArrayList<>(fields);
        more.add(name);
        more.add(value);
        return new TestHead(uri, more, peerCertificates);
    }

    public TestHead presenting(X509Certificate certificate) {
        return new TestHead(uri, fields, List.of(certificate));
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                values.add(fields.get(i + 1));
            }
        }
        return values;
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }
}
