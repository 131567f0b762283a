package dev.mortise.rag.document;

import java.util.List;
import java.util.Locale;

/** Text without markup: empty lines end paragraphs. Comma-separated values are a table, a log is lines. */
final class PlainTextParser implements DocumentParser {
    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String text = Decoder.decode(source.bytes(), source.mediaType());
        String name = source.fileName() == null ? "" : source.fileName().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return new ParsedText(null, text, List.of(Delimited.table(text, 0, text.length(), 1)));
        }
        if (name.endsWith(".log")) {
            return new ParsedText(null, text, List.of(new Block.Code(0, text.length())));
        }
        return new ParsedText(null, text, paragraphs(text));
    }

    private static List<Block> paragraphs(String text) {
        BlockList blocks = new BlockList(text);
        for (int at = 0; at < text.length(); at = Lines.next(text, at)) {
            if (Lines.isBlank(text, at, Lines.end(text, at))) {
                blocks.fillTo(at);
            }
        }
        return blocks.finished();
    }
}
