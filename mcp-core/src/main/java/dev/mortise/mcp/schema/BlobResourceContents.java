package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Contents that are bytes.
 *
 * @param blob the bytes in Base64; {@link #bytes} decodes them
 */
@JsonInclude(NON_NULL)
public record BlobResourceContents(
        String uri,
        @Nullable String mimeType,
        String blob,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements ResourceContents {
    public BlobResourceContents {
        Fields.required(uri, "BlobResourceContents.uri");
        Fields.required(blob, "BlobResourceContents.blob");
        meta = Meta.orEmpty(meta);
    }

    public static BlobResourceContents of(String uri, byte[] bytes) {
        return ofBase64(uri, Fields.encodeBase64(bytes));
    }

    public static BlobResourceContents ofBase64(String uri, String blob) {
        return new BlobResourceContents(uri, null, blob, Meta.EMPTY);
    }

    /**
     * The bytes themselves.
     *
     * @throws IllegalArgumentException if {@code blob} is not Base64
     */
    public byte[] bytes() {
        return Fields.decodeBase64(blob, "BlobResourceContents.blob");
    }

    public BlobResourceContents withMimeType(String mimeType) {
        return new BlobResourceContents(uri, mimeType, blob, meta);
    }

    public BlobResourceContents withMeta(Meta meta) {
        return new BlobResourceContents(uri, mimeType, blob, meta);
    }
}
