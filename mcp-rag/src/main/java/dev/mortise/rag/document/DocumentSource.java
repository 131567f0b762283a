package dev.mortise.rag.document;

import dev.mortise.rag.store.DocumentKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document as it came: its bytes, and what is known about them. Immutable; the array is not copied and must not be
 * changed.
 *
 * @param fileName tells the format, where there is no media type
 * @param mediaType as HTTP gave it, with its parameters; goes before the file name
 * @param uri where it came from, for citations
 * @param title goes before the one that is found in it
 * @param metadata for filters; names and values are bounded by the {@link DocumentReader}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares sources
public record DocumentSource(
        DocumentKey key,
        byte[] bytes,
        @Nullable String fileName,
        @Nullable String mediaType,
        @Nullable String uri,
        @Nullable String title,
        Map<String, String> metadata) {

    public DocumentSource {
        metadata = Map.copyOf(metadata);
    }

    public static DocumentSource of(DocumentKey key, byte[] bytes) {
        return new DocumentSource(key, bytes, null, null, null, null, Map.of());
    }

    public DocumentSource withFileName(String name) {
        return new DocumentSource(key, bytes, name, mediaType, uri, title, metadata);
    }

    public DocumentSource withMediaType(String type) {
        return new DocumentSource(key, bytes, fileName, type, uri, title, metadata);
    }

    public DocumentSource withUri(String origin) {
        return new DocumentSource(key, bytes, fileName, mediaType, origin, title, metadata);
    }

    public DocumentSource withTitle(String given) {
        return new DocumentSource(key, bytes, fileName, mediaType, uri, given, metadata);
    }

    public DocumentSource withMetadata(Map<String, String> given) {
        return new DocumentSource(key, bytes, fileName, mediaType, uri, title, given);
    }

    /** What the media type or the file name tell about the format. */
    Optional<Format> declaredFormat() {
        Optional<Format> byName = fileName == null ? Optional.empty() : Format.ofFileName(fileName);
        Optional<Format> byType = mediaType == null ? Optional.empty() : Format.ofMediaType(mediaType);
        // Servers say text/plain of Markdown and code, whose file names know better.
        return byType.filter(type -> type != Format.TEXT || byName.isEmpty()).or(() -> byName);
    }

    /** The media type without parameters; where it came with none, that of the format. */
    String mediaTypeOr(Format format) {
        if (mediaType == null || mediaType.isBlank()) {
            return format.mediaType();
        }
        int end = mediaType.indexOf(';');
        return CleanText.line(end < 0 ? mediaType : mediaType.substring(0, end)).toLowerCase(Locale.ROOT);
    }
}
