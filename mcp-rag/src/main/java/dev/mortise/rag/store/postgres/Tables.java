package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Migrations;
import java.util.List;

/** The names of the tables, with the schema. */
record Tables(String store, String tenant, String document, String chunk, String code, String posting, String word) {
    private static final String HISTORY = "rag_migrations";
    private static final List<String> MIGRATIONS = List.of("001-documents-and-terms");

    static Tables of(Database database) {
        return new Tables(
                database.table("rag_store"),
                database.table("rag_tenant"),
                database.table("rag_document"),
                database.table("rag_chunk"),
                database.table("rag_code"),
                database.table("rag_posting"),
                database.table("rag_word"));
    }

    static Migrations migrations(Database database) {
        return Migrations.of(database, HISTORY, Tables.class, MIGRATIONS);
    }

    List<String> all() {
        return List.of(store, tenant, document, chunk, code, posting, word);
    }
}
