package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.EncryptedFile;
import dev.mortise.mcp.internal.auth.MemoryTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Where tokens, registrations and keys are kept between runs. An implementation keeps texts under names and knows
 * nothing of what is in them, except that they are secrets. Thread-safe; everything may block.
 */
public interface TokenStore {
    /** The text of a name, if there is one. */
    Optional<String> read(String name) throws IOException;

    /** Keeps a text, instead of the one before; it is there after a crash once this has returned. */
    void write(String name, String text) throws IOException;

    /** Forgets a text, if there is one. */
    void remove(String name) throws IOException;

    /**
     * Does something while nobody else does it for this name, among all who share the store, other processes included:
     * two that renew tokens with one refresh token look to the authorization server like a theft. Texts may be read
     * and written meanwhile, by anybody. The work itself does nothing alone: names may share a lock.
     *
     * @param patience how long to wait for somebody else
     * @throws IOException if somebody else takes longer, or the work fails
     */
    <T> T alone(String name, Duration patience, Work<T> work) throws IOException;

    /** What is done alone. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Within this object, as long as it lives. */
    static TokenStore inMemory() {
        return new MemoryTokenStore();
    }

    /**
     * A file that is encrypted as a whole (AES-GCM), readable for its owner only, replaced atomically, and shared by
     * any number of processes on this machine. Beside it stand lock files, which have nothing in them.
     *
     * <p>The key is 16, 24 or 32 random bytes, and belongs elsewhere: the keychain of the system, or a secret that the
     * process is started with. Nothing shows that somebody put back an older copy of the file.
     *
     * @param file need not exist yet; its directory has to
     * @throws IllegalArgumentException if the key is no AES key
     */
    static TokenStore encryptedFile(Path file, SecretKey key) {
        return new EncryptedFile(file, key);
    }
}
