package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A picture for, or from, a model.
 *
 * @param data the picture in Base64; {@link #bytes} decodes it
 */
@JsonTypeName(ImageContent.TYPE)
@JsonInclude(NON_NULL)
public record ImageContent(
        String data,
        String mimeType,
        @Nullable Annotations annotations,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements ContentBlock, SamplingContent {
    static final String TYPE = "image";

    public ImageContent {
        Fields.required(data, "ImageContent.data");
        Fields.required(mimeType, "ImageContent.mimeType");
        meta = Meta.orEmpty(meta);
    }

    public static ImageContent of(byte[] image, String mimeType) {
        return ofBase64(Fields.encodeBase64(image), mimeType);
    }

    public static ImageContent ofBase64(String data, String mimeType) {
        return new ImageContent(data, mimeType, null, Meta.EMPTY);
    }

    /**
     * The picture itself.
     *
     * @throws IllegalArgumentException if {@code data} is not Base64
     */
    public byte[] bytes() {
        return Fields.decodeBase64(data, "ImageContent.data");
    }

    public ImageContent withAnnotations(Annotations annotations) {
        return new ImageContent(data, mimeType, annotations, meta);
    }

    public ImageContent withMeta(Meta meta) {
        return new ImageContent(data, mimeType, annotations, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
