package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.schema.BlobResourceContents;
import dev.mortise.mcp.schema.ResourceContents;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ServerEvents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the reader of a resource sees of its call. */
final class ResourceView extends HandlerView implements ResourceCall {
    /** Types whose content is text, parameters aside; everything with {@code +json} or {@code +xml} too. */
    private static final Pattern TEXT = Pattern.compile(
            "(?i)(text/.*|application/(json|xml|yaml|toml|javascript|sql|graphql|x-sh)|.*\\+(json|xml|yaml))(\\s*;.*)?");

    private final String uri;
    private final Map<String, String> variables;
    private final @Nullable String mimeType;
    private final int maxBytes;

    ResourceView(
            LiveCall call,
            ServerEvents events,
            String uri,
            Map<String, String> variables,
            @Nullable String mimeType,
            int maxBytes) {
        super(call, events);
        this.uri = uri;
        this.variables = Map.copyOf(variables);
        this.mimeType = mimeType;
        this.maxBytes = maxBytes;
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public Map<String, String> variables() {
        return variables;
    }

    @Override
    public ResourceContents text(String text) {
        TextResourceContents contents = TextResourceContents.of(uri, text);
        return mimeType == null ? contents : contents.withMimeType(mimeType);
    }

    @Override
    public ResourceContents bytes(byte[] bytes) {
        BlobResourceContents contents = BlobResourceContents.of(uri, bytes);
        return mimeType == null ? contents : contents.withMimeType(mimeType);
    }

    @Override
    public ResourceContents file(Path file) throws IOException {
        return stream(Files.newInputStream(file));
    }

    @Override
    public ResourceContents stream(InputStream stream) throws IOException {
        try (stream) {
            byte[] bytes = stream.readNBytes(maxBytes);
            if (bytes.length == maxBytes && stream.read() >= 0) {
                throw new IOException("Resource " + uri + " has more than " + maxBytes
                        + " bytes; raise maxResourceBytes if clients should get that much at once");
            }
            if (mimeType != null && TEXT.matcher(mimeType).matches()) {
                Optional<String> text = decode(bytes);
                if (text.isPresent()) {
                    return text(text.get());
                }
            }
            return bytes(bytes);
        }
    }

    private static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
