package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.internal.Interrupts;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * JSON, one value or many after each other, comments and trailing commas forgiven. The text is the source itself. It is cut
 * between members and elements, and the names that lead to a piece are its headings.
 */
final class JsonTextParser implements DocumentParser {
    private static final int MAX_DEPTH = 500;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String text = Decoder.decode(source.bytes(), source.mediaType());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), new StringReader(text))) {
            Pieces pieces = new Pieces(text);
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                Interrupts.check();
                pieces.read(token, parser);
            }
            return new ParsedText(null, text, pieces.blocks.finished());
        } catch (JacksonException e) {
            throw new DocumentRejected(Reason.BROKEN, "It is not JSON" + place(e.getLocation()), e);
        }
    }

    /** Unknown where a bound was exceeded. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null
                ? ", or nests too deep"
                : " from line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Goes over the text once, and remembers only what is open. */
    private static final class Pieces {
        /** What stays in one piece, in UTF-16 units: about one passage. */
        private static final int PIECE = 1200;

        private final String text;
        private final BlockList blocks;
        private final List<Open> open = new ArrayList<>();
        private List<String> path = List.of();
        private @Nullable String memberName;
        private int memberStart;

        Pieces(String text) {
            this.text = text;
            this.blocks = new BlockList(text);
        }

        /** An object or array that is being read; without a name in an array. */
        private record Open(String name, int start) {}

        void read(JsonToken token, JsonParser parser) {
            int start = (int) parser.currentTokenLocation().getCharOffset();
            int end = (int) parser.currentLocation().getCharOffset();
            switch (token) {
                case PROPERTY_NAME -> {
                    memberName = CleanText.cut(CleanText.line(parser.currentName()), DocumentReader.MAX_TITLE);
                    memberStart = start;
                }
                case START_OBJECT, START_ARRAY -> open(start);
                case END_OBJECT, END_ARRAY -> {
                    open.removeLast();
                    cutAfter(end);
                }
                default -> {
                    memberName = null;
                    cutAfter(end);
                }
            }
        }

        private void open(int start) {
            int from = memberName == null ? start : memberStart;
            if (from - blocks.end() >= PIECE / 2) {
                cut(from);
            }
            open.add(new Open(memberName == null ? "" : memberName, from));
            memberName = null;
        }

        private void cutAfter(int end) {
            if (end - blocks.end() >= PIECE) {
                int to = end;
                while (to < text.length() && isClosing(text.charAt(to))) {
                    to++;
                }
                cut(to);
            }
        }

        private static boolean isClosing(char unit) {
            return unit == ',' || unit == ']' || unit == '}' || Character.isWhitespace(unit);
        }

        private void cut(int to) {
            int from = blocks.end();
            while (from < to && isClosing(text.charAt(from))) {
                from++;
            }
            // What was opened within the piece does not hold all of it.
            int start = from;
            List<String> under = open.stream()
                    .filter(each -> each.start() <= start && !each.name().isEmpty())
                    .map(Open::name)
                    .toList();
            if (!under.equals(path)) {
                headings(under);
                path = under;
            }
            blocks.fillTo(to);
        }

        /** Only what is new, or all would be made again at each level. */
        private void headings(List<String> under) {
            int level = 0;
            while (level < Math.min(under.size(), path.size())
                    && under.get(level).equals(path.get(level))) {
                level++;
            }
            if (level == under.size()) {
                heading(level + 1, "");
            }
            for (; level < under.size(); level++) {
                heading(level + 1, under.get(level));
            }
        }

        /** One without a title closes those before it. */
        private void heading(int level, String title) {
            blocks.add(new Block.Heading(blocks.end(), blocks.end(), level, title));
        }
    }
}
