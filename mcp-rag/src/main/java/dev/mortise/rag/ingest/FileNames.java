package dev.mortise.rag.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The names of files, also where the JVM cannot tell them: without a locale, as in many containers, it reads all that is
 * not ASCII as U+FFFD, and several files would have one name. The URI of a file has the bytes of its name.
 */
final class FileNames {
    private static final char UNREADABLE = '\uFFFD';

    private FileNames() {}

    /** The path from a folder to a file below it, with slashes. */
    static String below(Path folder, Path file) {
        StringBuilder path = new StringBuilder();
        for (Path part : folder.relativize(file)) {
            path.append(path.isEmpty() ? "" : "/").append(part);
        }
        return path.indexOf(String.valueOf(UNREADABLE)) < 0 ? path.toString() : byBytes(folder, file);
    }

    /** As UTF-8; what is none, as its URI has it, with percent signs, which is still a name of its own. */
    private static String byBytes(Path folder, Path file) {
        String root = folder.toUri().getRawPath();
        String raw = file.toUri().getRawPath().substring(root.length());
        String escaped = raw.startsWith("/") ? raw.substring(1) : raw;
        byte[] bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes[length++] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
                i += 2;
            } else {
                bytes[length++] = (byte) escaped.charAt(i);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return escaped;
        }
    }
}
