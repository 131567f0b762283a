package dev.mortise.rag.embed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A model as it lies on disk.
 *
 * @param id by the bytes of the model and the tokenizer: another model under the same name is another
 */
record OnnxFolder(Path model, Path tokenizer, String id) {
    static OnnxFolder at(Path folder) throws IOException {
        Path model = folder.resolve("model.onnx");
        if (!Files.isRegularFile(model)) {
            model = folder.resolve("onnx").resolve("model.onnx");
        }
        Path tokenizer = folder.resolve("tokenizer.json");
        for (Path needed : new Path[] {model, tokenizer}) {
            if (!Files.isRegularFile(needed)) {
                throw new NoSuchFileException(
                        needed.toString(), null, "A model folder has model.onnx and tokenizer.json");
            }
        }
        return new OnnxFolder(model, tokenizer, "onnx-" + digest(model, tokenizer));
    }

    private static String digest(Path... files) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        for (Path file : files) {
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
