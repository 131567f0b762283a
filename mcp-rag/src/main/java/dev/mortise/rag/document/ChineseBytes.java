package dev.mortise.rag.document;

/**
 * Tells Chinese text in GB2312, GBK or GB18030 from other bytes beyond ASCII: most of its pairs are among the 3,755 most
 * frequent characters, which GB2312 keeps together, or its punctuation.
 */
final class ChineseBytes {
    private static final int LOOKED_AT = 64 * 1024;

    private ChineseBytes() {}

    static boolean looksLike(byte[] bytes) {
        int pairs = 0;
        int frequent = 0;
        for (int at = 0; at + 1 < Math.min(bytes.length, LOOKED_AT); ) {
            int lead = bytes[at] & 0xFF;
            int trail = bytes[at + 1] & 0xFF;
            if (lead < 0x80) {
                at++;
                continue;
            }
            // Four bytes, which only GB18030 has, are neither for nor against it.
            if (trail >= 0x30 && trail <= 0x39) {
                at += 4;
                continue;
            }
            pairs++;
            boolean han = lead >= 0xB0 && lead <= 0xD7;
            boolean punctuation = lead >= 0xA1 && lead <= 0xA3;
            frequent += (han || punctuation) && trail >= 0xA1 && trail <= 0xFE ? 1 : 0;
            at += 2;
        }
        return pairs > 0 && frequent * 10 >= pairs * 7;
    }
}
