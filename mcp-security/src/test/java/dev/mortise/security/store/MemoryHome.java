package dev.mortise.security.store;

/** One process. */
public final class MemoryHome implements Home {
    private final SecurityStores stores = SecurityStores.inMemory();

    @Override
    public SecurityStores stores() {
        return stores;
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("Memory does not come back");
    }

    @Override
    public void close() {}
}
