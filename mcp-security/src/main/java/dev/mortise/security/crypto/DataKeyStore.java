package dev.mortise.security.crypto;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wrapped keys of tenants. Everything that was sealed for a tenant is lost with its row. Thread-safe; throws
 * {@link dev.mortise.mcp.store.StoreUnavailable} if it cannot be asked.
 */
public interface DataKeyStore {
    /** A store that ends with the process: for tests. */
    static DataKeyStore inMemory() {
        return new InMemoryDataKeyStore();
    }

    Optional<DataKeys> find(String tenant);

    /** @return false if the tenant has keys already, or was shredded for good */
    boolean insert(DataKeys keys);

    /** @return false unless the stored version is the one before */
    boolean replace(DataKeys next);

    /** Forgets the keys, and that there never may be others. @return whether there were any */
    boolean shred(String tenant);

    /**
     * Keys that are wrapped with another key than this.
     *
     * @param after the tenant that the call before ended with; {@code null} to begin
     */
    List<DataKeys> notWrappedWith(String key, @Nullable String after, int limit);

    /**
     * The keys of a tenant.
     *
     * @param version from 1
     */
    record DataKeys(String tenant, long version, KeyEncryption.Wrapped wrapped) {}
}
