package dev.mortise.examples.production.storage;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** A database as platforms hand it out, {@code postgresql://user:password@host/name}, in the parts that JDBC wants. */
record PostgresUrl(String jdbc, String user, String password) {
    static PostgresUrl parse(String url) {
        URI parts = URI.create(url.replaceFirst("^jdbc:", "").replaceFirst("^postgres:", "postgresql:"));
        String[] user = parts.getRawUserInfo() == null
                ? new String[] {"", ""}
                : parts.getRawUserInfo().split(":", 2);
        String query = parts.getRawQuery() == null ? "" : "?" + parts.getRawQuery();
        String address = parts.getPort() < 0 ? parts.getHost() : parts.getHost() + ":" + parts.getPort();
        return new PostgresUrl(
                "jdbc:postgresql://" + address + parts.getRawPath() + query,
                decoded(user[0]),
                user.length < 2 ? "" : decoded(user[1]));
    }

    private static String decoded(String text) {
        // A plus is itself here, unlike in forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return jdbc;
    }
}
