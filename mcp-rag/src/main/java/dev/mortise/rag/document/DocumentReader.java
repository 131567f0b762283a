package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes documents of bytes: finds out the format, has the parser of that format find text and structure, and holds it all
 * to limits. Immutable, thread-safe.
 */
public final class DocumentReader {
    /** The longest title, in UTF-16 units; a longer one is cut. */
    public static final int MAX_TITLE = 300;

    /** Changes when the same bytes are read as another text than before: what is stored is then read anew. */
    public static final int REVISION = 1;

    private static final int MAX_METADATA = 64;
    private static final int MAX_METADATA_NAME = 100;
    private static final int MAX_METADATA_VALUE = 2000;

    /** It is kept with the metadata: a term of an index has 32,766 bytes. */
    private static final int MAX_URI = 8000;

    private final Map<Format, DocumentParser> parsers;
    private final int maxBytes;
    private final int maxCharacters;

    private DocumentReader(Builder builder) {
        this.parsers = new EnumMap<>(builder.parsers);
        this.maxBytes = builder.maxBytes;
        this.maxCharacters = builder.maxCharacters;
    }

    /** Reads everything but PDF and Office, up to 32 MiB. */
    public static DocumentReader standard() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How many bytes a document may have. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Whether it has a parser for documents of this format. */
    public boolean reads(Format format) {
        return parsers.containsKey(format);
    }

    /** @throws DocumentRejected if there is no text in it that could be searched, with the reason */
    public Document read(DocumentSource source) throws DocumentRejected {
        if (source.bytes().length > maxBytes) {
            throw tooLarge(source.bytes().length, maxBytes);
        }
        checkMetadata(source.metadata());
        if (source.uri() != null && source.uri().length() > MAX_URI) {
            throw new DocumentRejected(Reason.TOO_LARGE, "Its URL has more than " + MAX_URI + " characters");
        }
        Format format = source.declaredFormat().orElseGet(() -> FormatDetector.detect(source.bytes()));
        DocumentParser parser = parsers.get(format);
        if (parser == null) {
            throw new DocumentRejected(
                    Reason.UNSUPPORTED, format + " is read by Apache Tika, which this server does not have");
        }
        ParsedText parsed = parser.parse(source);
        if (parsed.text().length() > maxCharacters) {
            throw new DocumentRejected(
                    Reason.TOO_LARGE, "Its text has more than the " + maxCharacters + " characters that are allowed");
        }
        if (parsed.text().isBlank()) {
            throw new DocumentRejected(Reason.EMPTY, "There is no text in it");
        }
        return new Document(
                source.key(),
                title(source, parsed),
                format,
                source.mediaTypeOr(format),
                source.uri(),
                source.metadata(),
                source.bytes().length,
                parsed.text(),
                parsed.blocks());
    }

    /** A document that was refused before all of it was in memory. */
    public static DocumentRejected tooLarge(long bytes, long allowed) {
        return new DocumentRejected(Reason.TOO_LARGE, "It has " + bytes + " bytes; " + allowed + " are allowed here");
    }

    private static String title(DocumentSource source, ParsedText parsed) {
        String title = Optional.ofNullable(source.title())
                .or(() -> Optional.ofNullable(parsed.title()))
                .map(CleanText::line)
                .filter(found -> !found.isEmpty())
                .orElseGet(() -> CleanText.line(source.key().document()));
        return CleanText.cut(title, MAX_TITLE);
    }

    private static void checkMetadata(Map<String, String> metadata) throws DocumentRejected {
        if (metadata.size() > MAX_METADATA) {
            throw new DocumentRejected(Reason.TOO_LARGE, "It has more than " + MAX_METADATA + " metadata");
        }
        for (Map.Entry<String, String> each : metadata.entrySet()) {
            if (each.getKey().isBlank()
                    || each.getKey().length() > MAX_METADATA_NAME
                    || each.getValue().length() > MAX_METADATA_VALUE) {
                throw new DocumentRejected(
                        Reason.TOO_LARGE,
                        "Names of metadata have 1 to " + MAX_METADATA_NAME + " characters, their values at most "
                                + MAX_METADATA_VALUE);
            }
            if (!CleanText.isClean(each.getKey()) || !CleanText.isClean(each.getValue())) {
                throw new DocumentRejected(Reason.BROKEN, "Its metadata have a NUL or half a surrogate pair in them");
            }
        }
    }

    /** Composes a {@link DocumentReader}. Not thread-safe. */
    public static final class Builder {
        private final Map<Format, DocumentParser> parsers = new EnumMap<>(Format.class);
        private int maxBytes = 32 * 1024 * 1024;
        private int maxCharacters = 16 * 1024 * 1024;

        private Builder() {
            parsers.put(Format.TEXT, new PlainTextParser());
            parsers.put(Format.MARKDOWN, new MarkdownParser());
            parsers.put(Format.HTML, new HtmlParser());
            parsers.put(Format.JSON, new JsonTextParser());
            parsers.put(Format.CODE, new CodeParser());
        }

        /** Reads this format with this parser. */
        public Builder parser(Format format, DocumentParser parser) {
            parsers.put(format, parser);
            return this;
        }

        /** @param bytes the most that a document may have; 32 MiB unless set */
        public Builder maxBytes(int bytes) {
            maxBytes = positive(bytes);
            return this;
        }

        /** @param characters the most that the text of a document may have, in UTF-16 units; 16 Mi unless set */
        public Builder maxCharacters(int characters) {
            maxCharacters = positive(characters);
            return this;
        }

        private static int positive(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("A limit is positive, but this one is " + limit);
            }
            return limit;
        }

        public DocumentReader build() {
            return new DocumentReader(this);
        }
    }
}
