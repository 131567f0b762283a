package dev.mortise.mcp.store.jdbc;

/** What has been survived by a change that is acknowledged. */
public enum Durability {
    /** Nothing yet: what is acknowledged may still wait in memory, and is written within moments if the process lives. */
    BUFFERED("off", "OFF", 0),
    /**
     * The death of this process, as by {@code kill -9}. In PostgreSQL also that of the server, which has flushed its log;
     * in SQLite the operating system has the bytes, and not yet the disk.
     */
    WRITTEN("local", "NORMAL", 1),
    /** A loss of power: the disk has it. In PostgreSQL also the synchronous standbys, where there are any. */
    SYNCED("on", "FULL", 2);

    private final String synchronousCommit;
    private final String synchronous;
    private final int sqliteLevel;

    Durability(String synchronousCommit, String synchronous, int sqliteLevel) {
        this.synchronousCommit = synchronousCommit;
        this.synchronous = synchronous;
        this.sqliteLevel = sqliteLevel;
    }

    /** The value of PostgreSQL's setting {@code synchronous_commit}, for a statement that sets it itself. */
    public String synchronousCommit() {
        return synchronousCommit;
    }

    /** The value of SQLite's {@code PRAGMA synchronous}. */
    String synchronous() {
        return synchronous;
    }

    /** The same as SQLite says it when it is asked. */
    int sqliteLevel() {
        return sqliteLevel;
    }
}
