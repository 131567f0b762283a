package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One message to or from a model. Deprecated with sampling itself.
 *
 * @param content one block stands alone on the wire, several stand in an array; both forms are read. Tool results
 *     keep to themselves: a message that holds one holds nothing else (specification, client: Sampling)
 */
public record SamplingMessage(
        Role role,

        @JsonFormat(
                with = {
                    JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                    JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
                })
        List<SamplingContent> content,

        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public SamplingMessage {
        Fields.required(role, "SamplingMessage.role");
        content = Fields.requiredList(content, "SamplingMessage.content");
        long toolResults =
                content.stream().filter(ToolResultContent.class::isInstance).count();
        if (toolResults > 0 && toolResults < content.size()) {
            throw new IllegalArgumentException("SamplingMessage.content mixes tool results with other content");
        }
        meta = Meta.orEmpty(meta);
    }

    public static SamplingMessage of(Role role, SamplingContent... content) {
        return new SamplingMessage(role, List.of(content), Meta.EMPTY);
    }

    public static SamplingMessage user(String text) {
        return of(Role.USER, TextContent.of(text));
    }

    public static SamplingMessage assistant(String text) {
        return of(Role.ASSISTANT, TextContent.of(text));
    }

    public SamplingMessage withMeta(Meta meta) {
        return new SamplingMessage(role, content, meta);
    }
}
