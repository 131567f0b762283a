package dev.mortise.examples.production.web;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    void require(URI url) throws CannotAnswer {
        String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new CannotAnswer(ToolText.NOT_HTTP, url);
        }
        if (url.getHost() == null || url.getRawUserInfo() != null) {
            throw new CannotAnswer(ToolText.NOT_PLAIN, url);
        }
        boolean usual = url.getPort() == -1 || url.getPort() == (scheme.equals("https") ? 443 : 80);
        if (!usual && !isException(url)) {
            throw new CannotAnswer(ToolText.NOT_USUAL_PORT, url);
        }
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
