package dev.mortise.rag.document;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells the format by the first bytes, where neither a name nor a media type does. */
final class FormatDetector {
    private static final int LOOKED_AT = 1024;

    private FormatDetector() {}

    static Format detect(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.ISO_8859_1);
        if (head.startsWith("%PDF-")) {
            return Format.PDF;
        }
        // A ZIP with the parts of Office, an OLE file, RTF.
        if (head.startsWith("PK\3\4") || head.startsWith("\u00D0\u00CF\u0011\u00E0") || head.startsWith("{\\rtf")) {
            return Format.OFFICE;
        }
        String start = head.strip().toLowerCase(Locale.ROOT);
        if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
            return Format.HTML;
        }
        return Format.TEXT;
    }
}
