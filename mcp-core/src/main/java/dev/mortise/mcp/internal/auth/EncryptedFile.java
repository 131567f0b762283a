package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.TokenStore;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps texts in one encrypted file: a format mark, a nonce, and the sealed JSON object of all texts. Written whole,
 * under a lock that other processes see.
 */
public final class EncryptedFile implements TokenStore {
    private static final byte[] MARK = "MORTISE-TOKENS-1".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String DATA = "data";
    private static final Duration DATA_PATIENCE = Duration.ofSeconds(30);

    private final PrivateFile file;
    private final FileLocks locks;
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    public EncryptedFile(Path file, SecretKey key) {
        Path real = inRealFolder(file.toAbsolutePath());
        this.file = new PrivateFile(real);
        this.locks = new FileLocks(real);
        this.key = key;
        cipher(Cipher.ENCRYPT_MODE, nonce());
    }

    @Override
    public Optional<String> read(String name) throws IOException {
        // No lock: the file is replaced as a whole, so that a reader sees all of one state.
        JsonNode text = load().path(name);
        return text.isString() ? Optional.of(text.asString()) : Optional.empty();
    }

    @Override
    public void write(String name, String text) throws IOException {
        change(texts -> texts.put(name, text));
    }

    @Override
    public void remove(String name) throws IOException {
        change(texts -> texts.remove(name));
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        locks.alone(DATA, DATA_PATIENCE, () -> {
            ObjectNode texts = load();
            ObjectNode before = texts.deepCopy();
            change.accept(texts);
            if (!texts.equals(before)) {
                store(texts);
            }
            return texts;
        });
    }

    @Override
    public <T> T alone(String name, Duration patience, Work<T> work) throws IOException {
        return locks.alone(FileLocks.stripe(name), patience, work);
    }

    private ObjectNode load() throws IOException {
        Optional<byte[]> content = file.read();
        if (content.isEmpty()) {
            return Json.object();
        }
        byte[] bytes = content.get();
        int start = MARK.length + NONCE_BYTES;
        if (bytes.length <= start || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
            throw new IOException(file + " is no file of tokens, or was cut short");
        }
        try {
            byte[] nonce = Arrays.copyOfRange(bytes, MARK.length, start);
            byte[] json = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(bytes, start, bytes.length - start);
            if (Json.read(json) instanceof ObjectNode texts) {
                return texts;
            }
        } catch (GeneralSecurityException | Json.InvalidJson e) {
            // Said below. The cause would not help: a wrong key and a changed byte look the same.
        }
        throw new IOException(file + " does not open: the key is another one, or the file was changed. "
                + "Without the file, users authorize once more");
    }

    private void store(ObjectNode texts) throws IOException {
        byte[] nonce = nonce();
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(Json.write(texts));
            file.replace(ByteBuffer.allocate(MARK.length + nonce.length + sealed.length)
                    .put(MARK)
                    .put(nonce)
                    .put(sealed)
                    .flip());
        } catch (GeneralSecurityException e) {
            throw new IOException("The tokens could not be encrypted", e);
        }
    }

    /** Under one name, however it is reached: the locks of this process go by it. */
    private static Path inRealFolder(Path file) {
        try {
            return file.resolveSibling(".").toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            // There is no such folder; whoever writes will say so.
            return file.normalize();
        }
    }

    private byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    private Cipher cipher(int mode, byte[] nonce) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(MARK);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "A file of tokens is encrypted with an AES key of 16, 24 or 32 bytes", e);
        }
    }

    @Override
    public String toString() {
        return "TokenStore[" + file + "]";
    }
}
