package dev.mortise.mcp.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script that runs in Redis. It replies with an array of bulk strings and nothing else. Immutable. */
public final class Script {
    private final String name;
    private final String source;
    private final String sha1;

    private Script(String name, String source) {
        this.name = name;
        this.source = source;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            this.sha1 = HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }

    public static Script of(String source) {
        return new Script("script", source);
    }

    /**
     * A script that lies beside a class, in one file or in several that follow each other.
     *
     * @param files such as {@code claim.lua}
     */
    public static Script beside(Class<?> type, String... files) {
        StringBuilder source = new StringBuilder();
        for (String file : files) {
            try (InputStream in = type.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException(file + " is missing from the JAR");
                }
                source.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        // The last one is what is done; those before it are what it needs.
        return new Script(files[files.length - 1].replace(".lua", ""), source.toString());
    }

    /** The file, for traces; {@code script} for one that has none. */
    String name() {
        return name;
    }

    public String source() {
        return source;
    }

    /** What Redis knows the script by, in lower-case hexadecimal digits. */
    public String sha1() {
        return sha1;
    }
}
