package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.tika.detect.DefaultDetector;
import org.apache.tika.detect.Detector;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.WriteLimitReachedException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.CompositeParser;
import org.apache.tika.parser.DefaultParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** What of Tika is used: the parsers of PDF and Office, and none of the thousand others. Thread-safe. */
final class TikaFormats {
    private static final int MAX_TITLE = DocumentReader.MAX_TITLE;

    /** Made when the first document comes: it takes a second, and a server without such documents needs none. */
    private static final class Lazy {
        static final AutoDetectParser PARSER = parser();

        private static AutoDetectParser parser() {
            Detector detector = new DefaultDetector();
            AutoDetectParser parser = new AutoDetectParser(detector, new CompositeParser());
            parser.setParsers(documentParsers());
            return parser;
        }

        private static Map<MediaType, Parser> documentParsers() {
            Map<MediaType, Parser> parsers = new HashMap<>();
            new DefaultParser().getParsers(new ParseContext()).forEach((type, parser) -> {
                boolean wanted = Format.ofMediaType(type.toString())
                        .filter(format -> format == Format.PDF || format == Format.OFFICE)
                        .isPresent();
                // Of old Office documents only that they are OLE can be told at first.
                if (wanted
                        || type.toString().equals("application/x-tika-msoffice")
                        || type.toString().equals("application/x-tika-ooxml")) {
                    parsers.put(type, parser);
                }
            });
            return parsers;
        }
    }

    /** Nothing that is embedded is looked at: archives in archives, images, macros. */
    private static final EmbeddedDocumentExtractor NOTHING = new EmbeddedDocumentExtractor() {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {}
    };

    ParsedText read(DocumentSource source, TikaParser.Settings settings)
            throws DocumentRejected, IOException, InterruptedException {
        Path file = Files.createTempFile("document", ".bin");
        try {
            Files.write(file, source.bytes());
            // Of any name: Tika goes by the bytes, and some are of two formats at once.
            ZipGuard.check(file, source.bytes(), settings.maxUnpacked());
            PdfGuard.check(source.bytes(), settings.maxUnpacked());
            return read(file, source, settings);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static ParsedText read(Path file, DocumentSource source, TikaParser.Settings settings)
            throws DocumentRejected, IOException {
        if (Lazy.PARSER.getParsers().isEmpty()) {
            throw new DocumentRejected(
                    Reason.UNSUPPORTED, "This server has Apache Tika without tika-parsers-standard-package");
        }
        Metadata metadata = new Metadata();
        if (source.fileName() != null) {
            metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, source.fileName());
        }
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, NOTHING);
        RenderedText rendered = new RenderedText(settings.maxCharacters());
        try (TikaInputStream in = TikaInputStream.get(file, metadata)) {
            Lazy.PARSER.parse(in, new TikaText(rendered), metadata, context);
        } catch (EncryptedDocumentException e) {
            throw new DocumentRejected(Reason.ENCRYPTED, "It can be read with a password only", e);
        } catch (SAXException | TikaException e) {
            throw rendered.isFull() || WriteLimitReachedException.isWriteLimitReached(e)
                    ? new DocumentRejected(
                            Reason.TOO_LARGE,
                            "Its text has more than the " + settings.maxCharacters() + " characters that are allowed",
                            e)
                    : new DocumentRejected(Reason.BROKEN, "It is broken: its parser failed", e);
        }
        ParsedText text = rendered.finished();
        String title = metadata.get(TikaCoreProperties.TITLE);
        if (text.text().isBlank()) {
            throw new DocumentRejected(
                    Reason.EMPTY, "There is no text in it; pictures of text are not recognised here");
        }
        return title == null || title.isBlank()
                ? text
                : new ParsedText(CleanText.cut(title, MAX_TITLE), text.text(), text.blocks());
    }
}
