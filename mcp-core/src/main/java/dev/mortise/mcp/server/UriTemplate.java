package dev.mortise.mcp.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A URI template of RFC 6570, levels 1 to 3: every operator, several variables in an expression, text values. The
 * modifiers of level 4, {@code *} and {@code :n}, are refused. Immutable and thread-safe.
 *
 * <p>RFC 6570 defines expansion; matching is the way back, and is defined here:
 *
 * <ul>
 *   <li>A variable of {@code {x}}, {@code {.x}} and {@code {/x}} matches unreserved characters and percent-encoded
 *       bytes, never a reserved character such as {@code /}; {@code {+x}} and {@code {#x}} match reserved ones too. These
 *       variables match at least one character, and all of them must be there.
 *   <li>The variables of {@code {?x,y}}, {@code {&x,y}} and {@code {;x,y}} may be absent, empty, and in any order, but not
 *       there twice; a parameter that the template does not name does not match. A value reaches to the next reserved
 *       character.
 *   <li>Where there is a choice, variables match as little as possible, the earlier ones first: {@code {a}.{b}} finds
 *       "x" and "y.z" in {@code x.y.z}. A variable that occurs twice must have the same value.
 *   <li>Values are percent-decoded as strict UTF-8. A decoded value can hold any character, also {@code /} and
 *       {@code ..}: check it before it becomes part of a file name.
 *   <li>Everything else is compared exactly, upper and lower case included.
 * </ul>
 *
 * <p>So {@code match(expand(x))} gives {@code x} wherever the variables are not empty and their values do not hold what
 * separates them, and, for {@code +} and {@code #}, no percent-encoding of their own. Matching takes time in proportion
 * to the length of the URI times that of the template, whatever is in them.
 */
public final class UriTemplate {
    private final String template;
    private final List<TemplatePart> parts;
    private final List<String> variables;

    private UriTemplate(String template, List<TemplatePart> parts) {
        this.template = template;
        this.parts = parts;
        this.variables = parts.stream()
                .flatMap(part -> part.variables().stream())
                .distinct()
                .toList();
    }

    /**
     * Parses a template of at most 4096 characters.
     *
     * @throws IllegalArgumentException if it is not a template of level 1 to 3; the message says where
     */
    public static UriTemplate parse(String template) {
        return new UriTemplate(template, TemplateParser.parse(template));
    }

    /** The names of the variables, each once, in the order of the template. */
    public List<String> variables() {
        return variables;
    }

    /**
     * Expands the template. A variable without a value is left out, as RFC 6570 has it; values for other names are
     * ignored.
     *
     * @throws IllegalArgumentException if a value holds half a surrogate pair, which no encoding can carry
     */
    public String expand(Map<String, String> values) {
        return parts.stream().map(part -> part.expand(values)).collect(Collectors.joining());
    }

    /**
     * Finds the values with which the template expands to a URI.
     *
     * @return the values of the variables that are there, which cannot be changed; empty if the URI is not of this form,
     *     its percent-encoding is broken, or it is longer than 65 536 characters
     */
    public Optional<Map<String, String>> match(String uri) {
        return new TemplateMatch(parts, uri).values();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UriTemplate that && that.template.equals(template);
    }

    @Override
    public int hashCode() {
        return template.hashCode();
    }

    /** The template as it was parsed. */
    @Override
    public String toString() {
        return template;
    }
}
