package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the head of a POST must say before its body is worth reading (Streamable HTTP: Sending Messages). */
final class PostRules {
    private static final String JSON = "application/json";

    private PostRules() {}

    static Optional<Rejection> objection(HttpRequest request, HttpHead head, Accept accept, int maxBodyBytes) {
        if (!isJson(head.headers("Content-Type"))) {
            return Optional.of(Rejection.of(415, "Content-Type must be application/json, in UTF-8")
                    .with("Accept-Post", "application/json"));
        }
        if (!isIdentity(head.headers("Content-Encoding"))) {
            return Optional.of(
                    Rejection.of(415, "The body must not be compressed").with("Accept-Encoding", "identity"));
        }
        if (accept.nothing()) {
            return Optional.of(Rejection.of(406, "Accept must name application/json and text/event-stream"));
        }
        return request.contentLength() > maxBodyBytes ? Optional.of(tooLarge(maxBodyBytes)) : Optional.empty();
    }

    static Rejection tooLarge(int maxBodyBytes) {
        return Rejection.closing(413, "The body is larger than " + maxBodyBytes + " bytes");
    }

    private static boolean isJson(List<String> contentTypes) {
        if (contentTypes.size() != 1) {
            return false;
        }
        String contentType = contentTypes.get(0);
        if (contentType.equals(JSON)) {
            return true;
        }
        String[] parts = contentType.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(JSON)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("charset=")
                    && !parameter.equals("charset=utf-8")
                    && !parameter.equals("charset=\"utf-8\"")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIdentity(List<String> encodings) {
        for (String encoding : encodings) {
            if (!encoding.strip().equalsIgnoreCase("identity")) {
                return false;
            }
        }
        return true;
    }
}
