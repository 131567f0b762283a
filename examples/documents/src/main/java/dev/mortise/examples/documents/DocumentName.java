package dev.mortise.examples.documents;

import dev.mortise.mcp.server.UriTemplate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The name of a document: its path below the folder, such as {@code guide/setup.md}. Whatever a client sends becomes
 * one of these before it comes near a file, so that a name cannot leave the folder, be hidden, or be of another type.
 *
 * @param value parts separated by {@code /} on every system
 */
record DocumentName(String value) {
    private static final String SCHEME = "docs:///";
    static final String TEMPLATE = SCHEME + "{+path}";

    private static final int MAX_LENGTH = 1024;
    private static final UriTemplate URIS = UriTemplate.parse(TEMPLATE);
    private static final UriTemplate PART = UriTemplate.parse("{part}");
    private static final Map<String, String> MIME_TYPES = Map.of(
            "md", "text/markdown",
            "markdown", "text/markdown",
            "txt", "text/plain",
            "adoc", "text/asciidoc",
            "rst", "text/x-rst",
            "csv", "text/csv",
            "html", "text/html");

    DocumentName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("No name of a document: " + value);
        }
    }

    /** The name that this text is, if it is one. */
    static Optional<DocumentName> of(String value) {
        return isValid(value) ? Optional.of(new DocumentName(value)) : Optional.empty();
    }

    /** The name of the document that has this URI, if it can be one, in whichever way it is escaped. */
    static Optional<DocumentName> ofUri(String uri) {
        return URIS.match(uri).map(variables -> variables.get("path")).flatMap(DocumentName::of);
    }

    /** The name that this is, percent-encoded, if it can be one. */
    static Optional<DocumentName> ofEncoded(String path) {
        return ofUri(SCHEME + path);
    }

    String uri() {
        return SCHEME + encoded();
    }

    /** Percent-encoded, its separators aside. */
    String encoded() {
        return Arrays.stream(value.split("/"))
                .map(part -> PART.expand(Map.of("part", part)))
                .collect(Collectors.joining("/"));
    }

    String mimeType() {
        return Objects.requireNonNull(MIME_TYPES.get(extension(value)));
    }

    boolean isMarkdown() {
        return mimeType().equals("text/markdown");
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH
                && MIME_TYPES.containsKey(extension(value))
                && value.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\')
                && Arrays.stream(value.split("/", -1)).noneMatch(DocumentName::isEmptyOrHidden);
    }

    /** A leading dot also means the folder itself and the one above. */
    private static boolean isEmptyOrHidden(String part) {
        return part.isEmpty() || part.startsWith(".");
    }

    private static String extension(String value) {
        int dot = value.lastIndexOf('.');
        return dot < 0 ? "" : value.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
