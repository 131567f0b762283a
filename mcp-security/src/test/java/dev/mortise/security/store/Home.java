package dev.mortise.security.store;

/** Somewhere that things are stored, empty at first. Each call gives what another replica would have. */
public interface Home extends AutoCloseable {
    SecurityStores stores();

    /** Ends all that was given out; what is stored stays. */
    void restart() throws Exception;

    @Override
    void close() throws Exception;
}
