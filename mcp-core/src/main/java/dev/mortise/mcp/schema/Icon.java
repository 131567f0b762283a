package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A picture for a tool, prompt, resource or implementation (specification, basic: {@code icons}). Icons from a peer are
 * untrusted: fetch them without credentials, from the peer's own origin, and mind script in SVG.
 *
 * @param src an {@code https:}, {@code http:} or {@code data:} URI; every other scheme is refused as unsafe
 * @param mimeType for the case that the source gives none, or a vague one
 * @param sizes such as {@code 48x48}, or {@code any}; empty where the icon suits every size
 * @param theme the background it is drawn for; {@code null} for any
 */
@JsonInclude(NON_NULL)
public record Icon(
        String src,
        @Nullable String mimeType,
        @JsonInclude(NON_EMPTY) List<String> sizes,
        @Nullable IconTheme theme) {
    private static final Pattern SAFE_SCHEME = Pattern.compile("^(?:https?|data):", Pattern.CASE_INSENSITIVE);

    public Icon {
        if (!SAFE_SCHEME.matcher(Fields.required(src, "Icon.src")).lookingAt()) {
            throw new IllegalArgumentException("Icon.src must be an https:, http: or data: URI");
        }
        sizes = Fields.list(sizes, "Icon.sizes");
    }

    public static Icon of(String src) {
        return new Icon(src, null, List.of(), null);
    }

    public Icon withMimeType(String mimeType) {
        return new Icon(src, mimeType, sizes, theme);
    }

    public Icon withSizes(String... sizes) {
        return new Icon(src, mimeType, List.of(sizes), theme);
    }

    public Icon withTheme(IconTheme theme) {
        return new Icon(src, mimeType, sizes, theme);
    }
}
