package dev.mortise.rag.document;

import java.util.List;

/**
 * Programs and configuration, of whatever language: a piece begins where a line without indentation follows an empty one,
 * which is how declarations are separated almost everywhere.
 */
final class CodeParser implements DocumentParser {
    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String text = Decoder.decode(source.bytes(), source.mediaType());
        return new ParsedText(null, text, pieces(text));
    }

    private static List<Block> pieces(String text) {
        BlockList blocks = new BlockList(text);
        int start = 0;
        boolean afterEmpty = false;
        for (int at = 0; at < text.length(); at = Lines.next(text, at)) {
            if (Lines.isBlank(text, at, Lines.end(text, at))) {
                afterEmpty = true;
                continue;
            }
            if (afterEmpty && begins(text.charAt(at)) && at > start) {
                blocks.add(new Block.Code(start, at));
                start = at;
            }
            afterEmpty = false;
        }
        blocks.add(new Block.Code(start, text.length()));
        return blocks.finished();
    }

    private static boolean begins(char first) {
        return !Character.isWhitespace(first) && first != '}' && first != ')' && first != ']';
    }
}
