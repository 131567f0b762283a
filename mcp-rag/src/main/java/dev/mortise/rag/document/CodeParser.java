package dev.mortise.rag.document;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** To come. */
final class CodeParser implements DocumentParser {
    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String text = CleanText.of(new String(source.bytes(), StandardCharsets.UTF_8));
        return new ParsedText(null, text, List.of(new Block.Prose(0, text.length())));
    }
}
