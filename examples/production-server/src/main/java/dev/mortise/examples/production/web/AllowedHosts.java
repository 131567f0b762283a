package dev.mortise.examples.production.web;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may be asked for, by their addresses alone.
 *
 * @param exceptions hosts of private networks that an operator allows, each a name, or a name and a port
 */
record AllowedHosts(Set<String> exceptions) {
    static AllowedHosts of(String setting) {
        return new AllowedHosts(Arrays.stream(setting.split(",", -1))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Why not; {@code null} if it may. */
    @Nullable
    String problem(URI url) {
        String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return "only http and https pages are read";
        }
        if (url.getHost() == null || url.getRawUserInfo() != null) {
            return "it is not the plain address of a page";
        }
        boolean usual = url.getPort() == -1 || url.getPort() == (scheme.equals("https") ? 443 : 80);
        return usual || isException(url) ? null : "only the usual ports of http and https are asked";
    }

    private boolean isException(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return exceptions.contains(host) || exceptions.contains(host + ":" + url.getPort());
    }

    /** Hosts whose addresses do not matter for this page. */
    Set<String> anywhere(URI url) {
        return isException(url) ? Set.of(url.getHost()) : Set.of();
    }
}
