package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Sound for, or from, a model.
 *
 * @param data the sound in Base64; {@link #bytes} decodes it
 */
@JsonTypeName(AudioContent.TYPE)
@JsonInclude(NON_NULL)
public record AudioContent(
        String data,
        String mimeType,
        @Nullable Annotations annotations,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements ContentBlock, SamplingContent {
    static final String TYPE = "audio";

    public AudioContent {
        Fields.required(data, "AudioContent.data");
        Fields.required(mimeType, "AudioContent.mimeType");
        meta = Meta.orEmpty(meta);
    }

    public static AudioContent of(byte[] audio, String mimeType) {
        return ofBase64(Fields.encodeBase64(audio), mimeType);
    }

    public static AudioContent ofBase64(String data, String mimeType) {
        return new AudioContent(data, mimeType, null, Meta.EMPTY);
    }

    /**
     * The sound itself.
     *
     * @throws IllegalArgumentException if {@code data} is not Base64
     */
    public byte[] bytes() {
        return Fields.decodeBase64(data, "AudioContent.data");
    }

    public AudioContent withAnnotations(Annotations annotations) {
        return new AudioContent(data, mimeType, annotations, meta);
    }

    public AudioContent withMeta(Meta meta) {
        return new AudioContent(data, mimeType, annotations, meta);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
