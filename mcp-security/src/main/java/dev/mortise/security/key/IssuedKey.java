package dev.mortise.security.key;

/**
 * A new key. This is the only moment at which anybody sees it.
 *
 * @param secret the whole key, to be handed to its holder
 */
public record IssuedKey(String secret, StoredKey key) {
    @Override
    public String toString() {
        return "IssuedKey[" + key.id() + "]";
    }
}
