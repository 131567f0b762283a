package dev.mortise.rag.document;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a document is written in: decides how its text and its structure are found. */
public enum Format {
    TEXT,
    MARKDOWN,
    HTML,
    JSON,
    CODE,
    /** Read by Apache Tika, if it is there. */
    PDF,
    /** Word, Excel, PowerPoint, OpenDocument, RTF, EPUB. Read by Apache Tika, if it is there. */
    OFFICE;

    private static final Map<String, Format> BY_EXTENSION = Map.ofEntries(
            Map.entry("txt", TEXT),
            Map.entry("text", TEXT),
            Map.entry("log", TEXT),
            Map.entry("csv", TEXT),
            Map.entry("tsv", TEXT),
            Map.entry("rst", TEXT),
            Map.entry("adoc", TEXT),
            Map.entry("md", MARKDOWN),
            Map.entry("mdx", MARKDOWN),
            Map.entry("markdown", MARKDOWN),
            Map.entry("html", HTML),
            Map.entry("htm", HTML),
            Map.entry("xhtml", HTML),
            Map.entry("json", JSON),
            Map.entry("jsonl", JSON),
            Map.entry("ndjson", JSON),
            Map.entry("pdf", PDF));

    private static final Set<String> OFFICE_EXTENSIONS = Set.of(
            "doc", "docx", "docm", "dotx", "xls", "xlsx", "xlsm", "ppt", "pptx", "pptm", "odt", "ods", "odp", "rtf",
            "epub");

    private static final Set<String> CODE_EXTENSIONS = Set.of(
            "java",
            "kt",
            "kts",
            "scala",
            "groovy",
            "js",
            "mjs",
            "cjs",
            "ts",
            "jsx",
            "tsx",
            "py",
            "rb",
            "go",
            "rs",
            "c",
            "h",
            "cc",
            "cpp",
            "cxx",
            "hpp",
            "cs",
            "swift",
            "m",
            "php",
            "pl",
            "lua",
            "r",
            "jl",
            "sh",
            "bash",
            "zsh",
            "ps1",
            "sql",
            "css",
            "scss",
            "less",
            "vue",
            "svelte",
            "xml",
            "xsd",
            "yaml",
            "yml",
            "toml",
            "ini",
            "properties",
            "conf",
            "proto",
            "graphql",
            "tf",
            "gradle",
            "dockerfile",
            "makefile",
            "cmake",
            "dart",
            "ex",
            "exs",
            "erl",
            "hs",
            "clj",
            "zig");

    private static final Map<String, Format> BY_MEDIA_TYPE = Map.of(
            "text/plain", TEXT,
            "text/csv", TEXT,
            "text/markdown", MARKDOWN,
            "text/html", HTML,
            "application/xhtml+xml", HTML,
            "application/json", JSON,
            "application/x-ndjson", JSON,
            "application/pdf", PDF,
            "application/rtf", OFFICE,
            "application/msword", OFFICE);

    /** By the extension of a file, of upper or lower case; empty where it is of none that is known. */
    public static Optional<Format> ofFileName(String name) {
        String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        // A file without an extension may be named by its kind: Makefile, Dockerfile.
        String extension = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Format known = BY_EXTENSION.get(extension);
        if (known != null && file.indexOf('.') >= 0) {
            return Optional.of(known);
        }
        if (OFFICE_EXTENSIONS.contains(extension) && file.indexOf('.') >= 0) {
            return Optional.of(OFFICE);
        }
        return CODE_EXTENSIONS.contains(extension) ? Optional.of(CODE) : Optional.empty();
    }

    /** By a media type (RFC 9110 section 8.3.1), its parameters ignored; empty where it is of none that is known. */
    public static Optional<Format> ofMediaType(String mediaType) {
        int end = mediaType.indexOf(';');
        String type =
                (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Format known = BY_MEDIA_TYPE.get(type);
        if (known != null) {
            return Optional.of(known);
        }
        if (type.endsWith("+json")) {
            return Optional.of(JSON);
        }
        if (type.startsWith("application/vnd.openxmlformats-officedocument.")
                || type.startsWith("application/vnd.oasis.opendocument.")
                || type.startsWith("application/vnd.ms-")
                || type.equals("application/epub+zip")) {
            return Optional.of(OFFICE);
        }
        return type.endsWith("+xml") || type.equals("application/xml") || type.equals("text/xml")
                ? Optional.of(CODE)
                : Optional.empty();
    }

    /** What is said of a document that came without a media type. */
    String mediaType() {
        return switch (this) {
            case TEXT, CODE -> "text/plain";
            case MARKDOWN -> "text/markdown";
            case HTML -> "text/html";
            case JSON -> "application/json";
            case PDF -> "application/pdf";
            case OFFICE -> "application/octet-stream";
        };
    }
}
