package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks an archive to nowhere and counts, before a parser that keeps what it unpacks may see it. What the archive says
 * of its sizes is not asked.
 */
final class ZipGuard {
    private static final int MAX_ENTRIES = 20_000;

    /** Office documents stay below a hundred; only their smallest parts go beyond. */
    private static final int MAX_RATIO = 200;

    private static final long ALWAYS_FINE = 16L * 1024 * 1024;

    private ZipGuard() {}

    /** @param bytes the same as in the file; what cannot be opened as an archive is none */
    static void check(Path archive, byte[] bytes, long maxUnpacked) throws DocumentRejected, InterruptedException {
        ZipFile zip;
        try {
            zip = new ZipFile(archive.toFile());
        } catch (IOException e) {
            if (bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K') {
                throw new DocumentRejected(Reason.BROKEN, "It is not a whole archive, as Office documents are", e);
            }
            return;
        }
        try (zip) {
            count(zip, Math.min(maxUnpacked, Math.max(ALWAYS_FINE, (long) bytes.length * MAX_RATIO)));
        } catch (IOException e) {
            throw new DocumentRejected(Reason.BROKEN, "It cannot be unpacked", e);
        }
    }

    private static void count(ZipFile zip, long allowed) throws IOException, DocumentRejected, InterruptedException {
        if (zip.size() > MAX_ENTRIES) {
            throw tooLarge("It has more than " + MAX_ENTRIES + " parts");
        }
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            try (InputStream in = zip.getInputStream(entries.nextElement())) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    total += read;
                    if (total > allowed) {
                        throw tooLarge("Unpacked, it has more than " + allowed + " bytes");
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException("Unpacking was stopped");
                    }
                }
            }
        }
    }

    private static DocumentRejected tooLarge(String message) {
        return new DocumentRejected(Reason.TOO_LARGE, message);
    }
}
