package dev.mortise.benchmarks.vectors;

import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/** Those that are compared. Graphs of 16 connections (32 at the bottom), built with 100 in view, on one thread. */
enum Kind {
    MORTISE {
        @Override
        void build(VectorData data, Path folder) {
            try (LuceneChunkStore store = MortiseIndex.open(data, folder)) {
                MortiseIndex.fill(store, data, 0, data.size());
                store.compact();
            }
        }

        @Override
        VectorIndex open(VectorData data, Path folder) {
            return new MortiseIndex(MortiseIndex.open(data, folder));
        }
    },
    /** What one would write by hand on the very index of our store. */
    SAME_INDEX_BY_HAND {
        @Override
        Kind built() {
            return MORTISE;
        }

        @Override
        void build(VectorData data, Path folder) throws IOException {
            MORTISE.build(data, folder);
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return LuceneVectors.onOurs(folder);
        }
    },
    LUCENE_FLOAT {
        @Override
        void build(VectorData data, Path folder) throws IOException {
            LuceneVectors.build(data, folder, new Lucene99HnswVectorsFormat(CONNECTIONS, BEAM));
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return LuceneVectors.open(folder, 0);
        }
    },
    LUCENE_8_BIT {
        @Override
        void build(VectorData data, Path folder) throws IOException {
            LuceneVectors.build(data, folder, coded(ScalarEncoding.UNSIGNED_BYTE));
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return LuceneVectors.open(folder, 20);
        }
    },
    LUCENE_4_BIT {
        @Override
        void build(VectorData data, Path folder) throws IOException {
            LuceneVectors.build(data, folder, coded(ScalarEncoding.PACKED_NIBBLE));
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return LuceneVectors.open(folder, 30);
        }
    },
    LUCENE_1_BIT {
        @Override
        void build(VectorData data, Path folder) throws IOException {
            LuceneVectors.build(data, folder, coded(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE));
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return LuceneVectors.open(folder, Integer.MAX_VALUE);
        }
    },
    JVECTOR {
        @Override
        void build(VectorData data, Path folder) throws IOException {
            JVectorIndex.build(data, folder);
        }

        @Override
        VectorIndex open(VectorData data, Path folder) throws IOException {
            return new JVectorIndex(data, folder);
        }
    },
    LANGCHAIN4J {
        @Override
        void build(VectorData data, Path folder) {
            // Has nothing on disk.
        }

        @Override
        VectorIndex open(VectorData data, Path folder) {
            return new LangChainStore(data);
        }
    };

    private static final int CONNECTIONS = 16;
    private static final int BEAM = 100;

    abstract void build(VectorData data, Path folder) throws IOException;

    abstract VectorIndex open(VectorData data, Path folder) throws IOException;

    /** Whose index it is searched in. */
    Kind built() {
        return this;
    }

    private static KnnVectorsFormat coded(ScalarEncoding encoding) {
        return new Lucene104HnswScalarQuantizedVectorsFormat(encoding, CONNECTIONS, BEAM);
    }
}
