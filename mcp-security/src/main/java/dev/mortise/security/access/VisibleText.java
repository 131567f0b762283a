package dev.mortise.security.access;

/**
 * Text as whoever decides has to see it. Characters that show nothing, or change the order of what is shown (Unicode
 * Technical Report 36, section 2.5), become their numbers: what is approved is what runs, not what it looks like.
 */
final class VisibleText {
    private VisibleText() {}

    /** For display only: what is hashed and what runs stay as they are. */
    static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (!isHidden(point)) {
                visible.appendCodePoint(point);
                return;
            }
            for (char unit : Character.toChars(point)) {
                visible.append(String.format("\\u%04X", (int) unit));
            }
        });
        return visible.toString();
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
