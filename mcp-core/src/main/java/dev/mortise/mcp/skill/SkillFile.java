package dev.mortise.mcp.skill;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of a skill.
 *
 * @param path within the skill, its segments separated by {@code /}
 * @param digest {@code sha256:} and 64 hexadecimal digits, of the bytes as they are
 * @param size in bytes
 */
record SkillFile(String path, String digest, long size, Content content) {
    /** Where the bytes come from, each time anew. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    static SkillFile of(String path, byte[] bytes) {
        byte[] copy = bytes.clone();
        return new SkillFile(
                path,
                "sha256:" + HexFormat.of().formatHex(sha256().digest(copy)),
                copy.length,
                () -> new ByteArrayInputStream(copy));
    }

    /**
     * Reads the content once to know its digest.
     *
     * @throws IOException also if there is more than {@code most}
     */
    static SkillFile read(String path, Content content, long most) throws IOException {
        MessageDigest digest = sha256();
        long size;
        try (InputStream in = new DigestInputStream(content.open(), digest)) {
            size = 0;
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > most) {
                    throw new IOException("The file " + path + " has more than " + most + " bytes");
                }
            }
        }
        return new SkillFile(path, "sha256:" + HexFormat.of().formatHex(digest.digest()), size, content);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
