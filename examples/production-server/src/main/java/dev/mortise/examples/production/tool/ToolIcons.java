package dev.mortise.examples.production.tool;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Gives each tool the picture of its group (specification, basic: {@code icons}). Where this server is reached by https, that is
 * an address below its own origin, under which the picture never changes; elsewhere, and over stdio, it stands in the list
 * itself, since clients have to refuse pictures from http addresses.
 */
public final class ToolIcons implements McpServer.Plugin {
    private static final String TYPE = "image/svg+xml";
    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control", "public, max-age=31536000, immutable",
            "Content-Security-Policy", "default-src 'none'; sandbox",
            "X-Content-Type-Options", "nosniff");

    private final Optional<URI> origin;

    public ToolIcons(Settings settings) {
        this(settings.find(Setting.MORTISE_RESOURCE).map(URI::create));
    }

    /** @param resource the endpoint as clients know it, where that is known */
    ToolIcons(Optional<URI> resource) {
        this.origin = resource.filter(endpoint -> "https".equalsIgnoreCase(endpoint.getScheme()))
                .map(endpoint -> endpoint.resolve("/"));
    }

    @Override
    public void install(McpServerBuilder builder) {
        Map<ToolGroup, List<Icon>> icons = new EnumMap<>(ToolGroup.class);
        for (ToolGroup group : ToolGroup.values()) {
            byte[] svg = group.svg();
            String path = path(group, svg);
            icons.put(
                    group,
                    List.of(origin.map(root -> Icon.of(root.resolve(path).toString()))
                            .orElseGet(() -> Icon.of(inline(svg)))));
            if (origin.isPresent()) {
                builder.route(HttpRoute.get(path, request -> new HttpRoute.Response(200, TYPE, svg.clone(), HEADERS)));
            }
        }
        builder.definitionIcons(entry -> of(entry, icons));
    }

    private static List<Icon> of(Entry entry, Map<ToolGroup, List<Icon>> icons) {
        ToolGroup group = entry instanceof Tool tool ? ToolGroup.OF.get(tool.key()) : null;
        return group == null ? List.of() : icons.getOrDefault(group, List.of());
    }

    /** With a checksum of the picture, so that another picture is at another address. */
    private static String path(ToolGroup group, byte[] svg) {
        CRC32 sum = new CRC32();
        sum.update(svg);
        return "/icons/" + group.title() + "-" + Long.toHexString(sum.getValue()) + ".svg";
    }

    private static String inline(byte[] svg) {
        return "data:" + TYPE + ";base64," + Base64.getEncoder().encodeToString(svg);
    }
}
