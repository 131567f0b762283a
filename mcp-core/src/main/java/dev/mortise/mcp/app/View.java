package dev.mortise.mcp.app;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An HTML page that a host shows in a sandbox, and what that page needs: a resource with a {@code ui://} URI. Without
 * anything said, it may reach nothing outside. Immutable.
 *
 * <pre>{@code
 * View dashboard = View.at("ui://weather/dashboard", "weather_dashboard")
 *         .connectsTo("https://api.example.com")
 *         .prefersBorder(true)
 *         .file(Path.of("dashboard.html"));
 * }</pre>
 */
public final class View {
    /** The media type of views. */
    public static final String MIME_TYPE = "text/html;profile=mcp-app";

    private static final Pattern ORIGIN =
            Pattern.compile("(?:https?|wss?)://(?:\\*\\.)?[A-Za-z0-9.-]+(?::[0-9]{1,5})?");

    /** What a page may be allowed to use, if the host grants it. */
    public enum Permission {
        CAMERA("camera"),
        MICROPHONE("microphone"),
        GEOLOCATION("geolocation"),
        CLIPBOARD_WRITE("clipboardWrite");

        private final String wire;

        Permission(String wire) {
            this.wire = wire;
        }
    }

    /** Makes the page anew for each reading. */
    @FunctionalInterface
    public interface Page {
        String html(ResourceCall call) throws Exception;
    }

    private final Resource resource;

    private View(Resource resource) {
        this.resource = resource;
    }

    /**
     * Begins a view.
     *
     * @param uri begins with {@code ui://}
     */
    public static Builder at(String uri, String name) {
        return new Builder(uri, name);
    }

    public String uri() {
        return resource.key();
    }

    /** As clients read it. */
    public Resource resource() {
        return resource;
    }

    /** Composes a view. */
    public static final class Builder {
        private final String uri;
        private final String name;
        private final ObjectNode csp = Json.object();
        private final ObjectNode permissions = Json.object();
        private @Nullable String description;
        private @Nullable String domain;
        private @Nullable Boolean prefersBorder;

        private Builder(String uri, String name) {
            if (!uri.startsWith("ui://")) {
                throw new IllegalArgumentException("A view's URI begins with ui://, but this is " + uri);
            }
            this.uri = uri;
            this.name = name;
        }

        public Builder description(String newDescription) {
            this.description = newDescription;
            return this;
        }

        /** Origins that scripts may connect to: fetch, XHR, WebSocket. */
        public Builder connectsTo(String... origins) {
            return origins("connectDomains", origins);
        }

        /** Origins that scripts, styles, images, fonts and media may come from; a host may be {@code *.example.com}. */
        public Builder loadsFrom(String... origins) {
            return origins("resourceDomains", origins);
        }

        /** Origins of frames in the page. */
        public Builder frames(String... origins) {
            return origins("frameDomains", origins);
        }

        /** What the document's base may be. */
        public Builder baseUris(String... origins) {
            return origins("baseUriDomains", origins);
        }

        /** What the page would like to use; a host need not grant it. */
        public Builder permissions(Permission... wanted) {
            for (Permission permission : wanted) {
                permissions.putObject(permission.wire);
            }
            return this;
        }

        /** A stable origin of its own, in the form that the host documents. */
        public Builder domain(String newDomain) {
            this.domain = newDomain;
            return this;
        }

        /** Whether the host should draw a border and a background. */
        public Builder prefersBorder(boolean border) {
            this.prefersBorder = border;
            return this;
        }

        /** A page that never changes: a whole HTML5 document. */
        public View html(String html) {
            return page(call -> html);
        }

        /** A page from a file, read anew each time. */
        public View file(Path file) {
            return page(call -> read(file));
        }

        public View page(Page page) {
            Meta meta = meta();
            return new View(Resource.at(uri, name)
                    .description(description)
                    .mimeType(MIME_TYPE)
                    .meta(meta)
                    .read(call -> ResourceOutcome.found(TextResourceContents.of(call.uri(), page.html(call))
                            .withMimeType(MIME_TYPE)
                            .withMeta(meta))));
        }

        private static String read(Path file) throws IOException {
            return Files.readString(file, StandardCharsets.UTF_8);
        }

        private Builder origins(String member, String... origins) {
            ArrayNode all = csp.withArray("/" + member);
            for (String origin : origins) {
                // Hosts put these into a Content-Security-Policy as they are.
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException(
                            "An origin is scheme://host or scheme://host:port, but this is \"" + origin + "\"");
                }
                all.add(origin);
            }
            return this;
        }

        private Meta meta() {
            ObjectNode ui = Json.object();
            if (!csp.isEmpty()) {
                ui.set("csp", csp.deepCopy());
            }
            if (!permissions.isEmpty()) {
                ui.set("permissions", permissions.deepCopy());
            }
            if (domain != null) {
                ui.put("domain", domain);
            }
            if (prefersBorder != null) {
                ui.put("prefersBorder", prefersBorder);
            }
            return ui.isEmpty() ? Meta.EMPTY : Meta.of("ui", ui);
        }
    }
}
