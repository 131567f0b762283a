/** Find the right passage, and the right tool. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
module dev.mortise.rag {
    requires transitive dev.mortise.mcp;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires transitive java.sql;
    requires org.apache.lucene.core;
    requires org.apache.lucene.analysis.common;
    requires org.apache.lucene.analysis.smartcn;
    requires org.apache.lucene.queries;
    requires org.commonmark;
    requires org.commonmark.ext.gfm.tables;
    requires org.jsoup;
    requires java.net.http;
    requires java.xml;

    // Where they are there: PDF and Office; models in this process.
    requires static org.apache.tika.core;
    requires static com.microsoft.onnxruntime;
    requires static ai.djl.tokenizers;
    requires static ai.djl.api;

    exports dev.mortise.rag;
    exports dev.mortise.rag.chunk;
    exports dev.mortise.rag.discovery;
    exports dev.mortise.rag.document;
    exports dev.mortise.rag.embed;
    exports dev.mortise.rag.ingest;
    exports dev.mortise.rag.search;
    exports dev.mortise.rag.store;
    exports dev.mortise.rag.store.lucene;
    exports dev.mortise.rag.store.postgres;

    // The arguments and results of tools are records, which Jackson makes and reads.
    opens dev.mortise.rag to
            tools.jackson.databind;

    // The migrations, which the core reads.
    opens dev.mortise.rag.store.postgres.postgresql to
            dev.mortise.mcp;

    provides org.apache.lucene.codecs.KnnVectorsFormat with
            dev.mortise.rag.internal.vectors.ChunkVectorsFormat;
}
