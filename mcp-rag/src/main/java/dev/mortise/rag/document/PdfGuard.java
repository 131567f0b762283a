package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.InflaterInputStream;

/**
 * Unpacks each stream of a PDF to nowhere and counts, before a parser that keeps it in memory may see it. Streams stand in
 * a PDF as they are (ISO 32000, 7.5.7), so that all of them are found without reading it; of their filters only Flate, also
 * several times over, is known here: the others expand little, but for LZW.
 */
final class PdfGuard {
    private static final byte[] KEYWORD = "stream".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_FILTERS = 5;

    private PdfGuard() {}

    /** @param maxStream bytes of one stream when it is unpacked */
    static void check(byte[] pdf, long maxStream) throws DocumentRejected, InterruptedException {
        for (int at = next(pdf, 0); at >= 0; at = next(pdf, at)) {
            int start = at;
            // The keyword, and the end of its line.
            while (start < pdf.length && (pdf[start] == '\r' || pdf[start] == '\n')) {
                start++;
            }
            unpack(new ByteArrayInputStream(pdf, start, pdf.length - start), maxStream);
        }
    }

    private static void unpack(InputStream raw, long max) throws DocumentRejected, InterruptedException {
        try {
            InputStream in = raw;
            boolean packed = false;
            for (int filters = 0; filters < MAX_FILTERS; filters++) {
                PushbackInputStream ahead = new PushbackInputStream(in, 2);
                byte[] head = ahead.readNBytes(2);
                ahead.unread(head);
                if (!isZlib(head)) {
                    in = ahead;
                    break;
                }
                in = new Counted(new InflaterInputStream(ahead), max);
                packed = true;
            }
            if (packed) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (TooMuch e) {
            throw new DocumentRejected(Reason.TOO_LARGE, "Unpacked, a part of it has more than " + max + " bytes", e);
        } catch (IOException e) {
            // Not packed in this way, or broken: the parser will see.
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("Unpacking was stopped");
        }
    }

    /** The header of RFC 1950: method 8, and a multiple of 31. */
    private static boolean isZlib(byte[] head) {
        return head.length == 2 && (head[0] & 0x0F) == 8 && ((head[0] & 0xFF) << 8 | (head[1] & 0xFF)) % 31 == 0;
    }

    /** Behind the next keyword; -1 if there is none. */
    private static int next(byte[] pdf, int from) {
        for (int at = from; at + KEYWORD.length < pdf.length; at++) {
            int matched = 0;
            while (matched < KEYWORD.length && pdf[at + matched] == KEYWORD[matched]) {
                matched++;
            }
            if (matched == KEYWORD.length) {
                return at + matched;
            }
        }
        return -1;
    }

    private static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends where there is more than there may be, or nobody waits any longer. */
    private static final class Counted extends FilterInputStream {
        private final long max;
        private long count;

        Counted(InputStream in, long max) {
            super(in);
            this.max = max;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            count += read;
            if (count > max) {
                throw new TooMuch();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("Stopped");
            }
        }
    }
}
