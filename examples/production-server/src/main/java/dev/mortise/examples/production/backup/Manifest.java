package dev.mortise.examples.production.backup;

import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What is in a backup: each file with its digest. Written last, so that a backup without one is none. */
record Manifest(String madeAt, Map<String, String> files) {
    static final String NAME = "manifest.json";

    static Manifest of(Path folder, String madeAt) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(NAME)) {
                    files.put(name, digest(file));
                }
            }
        }
        return new Manifest(madeAt, files);
    }

    /** For the owner alone, like the files that it tells of. */
    void write(DataFolder folder) throws IOException {
        Files.write(folder.file(NAME), Json.write(Json.tree(this)));
    }

    /** @throws IOException if it is no backup, or not what it was */
    static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new IOException(folder + " is no backup, or one that was not finished: it has no " + NAME);
        }
        try {
            JsonNode json = Json.read(Files.readAllBytes(file));
            Map<String, String> files = new TreeMap<>();
            json.path("files")
                    .properties()
                    .forEach(each -> files.put(each.getKey(), each.getValue().asString("")));
            Manifest manifest = new Manifest(json.path("madeAt").asString(""), files);
            manifest.verify(folder);
            return manifest;
        } catch (Json.InvalidJson e) {
            throw new IOException(file + " is damaged", e);
        }
    }

    private void verify(Path folder) throws IOException {
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = folder.resolve(each.getKey()).normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                throw new IOException("The backup lacks " + each.getKey());
            }
            if (!digest(file).equals(each.getValue())) {
                throw new IOException("The backup is damaged: " + each.getKey() + " is not what it was");
            }
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
