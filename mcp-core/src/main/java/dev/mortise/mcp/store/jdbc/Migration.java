package dev.mortise.mcp.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One file of SQL. A statement ends with a semicolon at the end of a line; comments have lines of their own.
 *
 * @param version its place among the files, from 1
 */
record Migration(int version, String name, String text) {
    static Migration read(int version, Class<?> beside, String directory, String name) {
        String file = directory + "/" + name + ".sql";
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no " + file + " beside " + beside.getName());
            }
            // A checkout may have changed the ends of lines; that is no change.
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
            return new Migration(version, name, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> statements() {
        String code = text.replaceAll("(?m)^[ \t]*--.*$", "");
        return Arrays.stream(code.split(";[ \t]*(\n|$)"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    String checksum() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return version + " (" + name + ")";
    }
}
