package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in which characters a text was written, and reads it. A byte order mark decides; then what the document says
 * of itself, if the bytes bear it out; then whether they are UTF-8, UTF-16 without a mark, or GB18030; else a broken byte
 * is a character for itself. What is no text in any of these is refused.
 */
final class Decoder {
    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=\\s*[\"']?([\\w.:-]{1,40})", Pattern.CASE_INSENSITIVE);
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** One in so many characters may be a control character or broken before the whole counts as binary. */
    private static final int BROKEN_SHARE = 10;

    private Decoder() {}

    /** @param declared a media type, or a piece of HTML, that may name the charset */
    static String decode(byte[] bytes, @Nullable String declared) throws DocumentRejected {
        String text = CleanText.of(read(bytes, declared));
        long broken = text.chars().filter(Decoder::isBroken).count();
        if (broken * BROKEN_SHARE > text.length()) {
            throw new DocumentRejected(Reason.UNSUPPORTED, "It is not text in any encoding that is known here");
        }
        return text;
    }

    private static String read(byte[] bytes, @Nullable String declared) {
        Optional<ByteOrderMark> mark = ByteOrderMark.of(bytes);
        if (mark.isPresent()) {
            return lenient(bytes, mark.get().bytes(), mark.get().charset());
        }
        return named(declared)
                .flatMap(charset -> strict(bytes, charset))
                .or(() -> Utf16.western(bytes).map(charset -> lenient(bytes, 0, charset)))
                .or(() -> strict(bytes, StandardCharsets.UTF_8))
                .or(() -> Utf16.chinese(bytes).map(charset -> lenient(bytes, 0, charset)))
                .or(() -> ChineseBytes.looksLike(bytes) ? strict(bytes, GB18030) : Optional.empty())
                .orElseGet(() -> mostlyUtf8(bytes));
    }

    private static Optional<Charset> named(@Nullable String declared) {
        if (declared == null) {
            return Optional.empty();
        }
        Matcher matcher = CHARSET.matcher(declared);
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            Charset charset = Charset.forName(matcher.group(1));
            // What calls itself GB2312 mostly uses characters that only its successors have.
            return Optional.of(charset.name().equals("GB2312") || charset.name().equals("GBK") ? GB18030 : charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> strict(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String lenient(byte[] bytes, int from, Charset charset) {
        return new String(bytes, from, bytes.length - from, charset);
    }

    /** UTF-8 in which something broke, or else one of the encodings of the West, which cannot be told apart. */
    private static String mostlyUtf8(byte[] bytes) {
        String text = lenient(bytes, 0, StandardCharsets.UTF_8);
        long broken = text.chars().filter(unit -> unit == '\uFFFD').count();
        long beyondAscii = text.chars().filter(unit -> unit > 0x7F).count();
        return broken * 2 > beyondAscii ? lenient(bytes, 0, WINDOWS_1252) : text;
    }

    private static boolean isBroken(int unit) {
        return unit == 0xFFFD || (Character.isISOControl(unit) && !Character.isWhitespace(unit) && unit != 0x1B);
    }

    /** The first bytes of a text that say how it is encoded. */
    private record ByteOrderMark(Charset charset, int bytes) {
        static Optional<ByteOrderMark> of(byte[] bytes) {
            if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
                return Optional.of(new ByteOrderMark(StandardCharsets.UTF_8, 3));
            }
            if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
                return Optional.of(new ByteOrderMark(Charset.forName("UTF-32LE"), 4));
            }
            if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
                return Optional.of(new ByteOrderMark(Charset.forName("UTF-32BE"), 4));
            }
            if (startsWith(bytes, 0xFF, 0xFE)) {
                return Optional.of(new ByteOrderMark(StandardCharsets.UTF_16LE, 2));
            }
            return startsWith(bytes, 0xFE, 0xFF)
                    ? Optional.of(new ByteOrderMark(StandardCharsets.UTF_16BE, 2))
                    : Optional.empty();
        }

        private static boolean startsWith(byte[] bytes, int... mark) {
            for (int at = 0; at < mark.length; at++) {
                if (at >= bytes.length || (bytes[at] & 0xFF) != mark[at]) {
                    return false;
                }
            }
            return true;
        }
    }
}
