package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Values from rows that have these columns first. */
final class Rows {
    static final String DOCUMENT =
            "d.collection, d.name, d.title, d.media_type, d.content_hash, d.version, d.bytes, d.updated_at, d.metadata";
    static final String CHUNK = "d.collection, d.name, d.version, c.ordinal, coalesce(c.title, d.title), c.headings,"
            + " c.starts, c.ends, c.body, coalesce(c.metadata, d.metadata)";
    static final int BEHIND_CHUNK = 11;

    private Rows() {}

    static DocumentRecord document(ResultSet row) throws SQLException {
        return new DocumentRecord(
                key(row),
                StorableText.read(row.getString(3)),
                StorableText.read(row.getString(4)),
                StorableText.read(row.getString(5)),
                row.getLong(6),
                row.getLong(7),
                Instant.ofEpochMilli(row.getLong(8)),
                StorableText.readMap(row.getString(9)));
    }

    static Chunk chunk(ResultSet row) throws SQLException {
        return new Chunk(
                key(row),
                row.getLong(3),
                row.getInt(4),
                StorableText.read(row.getString(5)),
                StorableText.readList(row.getString(6)),
                row.getInt(7),
                row.getInt(8),
                StorableText.read(row.getString(9)),
                StorableText.readMap(row.getString(10)));
    }

    private static DocumentKey key(ResultSet row) throws SQLException {
        return new DocumentKey(StorableText.read(row.getString(1)), StorableText.read(row.getString(2)));
    }

    static float[] vector(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        Float[] boxed = (Float[]) array.getArray();
        float[] vector = new float[boxed.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = boxed[i];
        }
        return vector;
    }
}
