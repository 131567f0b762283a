package dev.mortise.benchmarks.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/** Plain Lucene, one segment, with a format of its own; what was found by codes is compared exactly where that is wanted. */
final class LuceneVectors implements VectorIndex {
    private static final String VECTOR = "vector";
    private static final String NUMBER = "number";
    private static final double MEGABYTES = 512;

    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final LeafReader leaf;
    private final int compared;
    private final boolean ours;
    private final int[] numbers;

    private LuceneVectors(Path folder, int compared, boolean ours) throws IOException {
        this.reader = DirectoryReader.open(FSDirectory.open(folder));
        this.searcher = new IndexSearcher(reader);
        if (reader.leaves().size() != 1) {
            throw new IOException("Not one segment but " + reader.leaves().size());
        }
        this.leaf = reader.leaves().getFirst().reader();
        this.compared = compared;
        this.ours = ours;
        this.numbers = ours ? numbersOfOurs(leaf) : numbers(leaf);
    }

    /** @param compared how many of the best by their codes are compared exactly; 0 for vectors without codes */
    static LuceneVectors open(Path folder, int compared) throws IOException {
        return new LuceneVectors(folder, compared, false);
    }

    /** The index of our store, searched by what one would write by hand: what the store adds is the layer's cost. */
    static LuceneVectors onOurs(Path folder) throws IOException {
        return new LuceneVectors(folder, 0, true);
    }

    /** A document's name is the number of its first chunk, and a block has the chunks in their order. */
    private static int[] numbersOfOurs(LeafReader leaf) throws IOException {
        SortedDocValues keys = leaf.getSortedDocValues("key");
        int[] numbers = new int[leaf.maxDoc()];
        int before = -1;
        int place = 0;
        while (keys.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            place = keys.ordValue() == before ? place + 1 : 0;
            before = keys.ordValue();
            String key = keys.lookupOrd(before).utf8ToString();
            numbers[keys.docID()] = Integer.parseInt(key.substring(key.lastIndexOf('\0') + 1)) + place;
        }
        return numbers;
    }

    private static int[] numbers(LeafReader leaf) throws IOException {
        NumericDocValues values = leaf.getNumericDocValues(NUMBER);
        int[] numbers = new int[leaf.maxDoc()];
        while (values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            numbers[values.docID()] = (int) values.longValue();
        }
        return numbers;
    }

    static void build(VectorData data, Path folder, KnnVectorsFormat format) throws IOException {
        IndexWriterConfig configuration = new IndexWriterConfig(null);
        configuration.setRAMBufferSizeMB(MEGABYTES);
        configuration.setCodec(new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        });
        try (FSDirectory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, configuration)) {
            for (int i = 0; i < data.size(); i++) {
                Document document = new Document();
                document.add(new KnnFloatVectorField(VECTOR, data.vector(i), VectorSimilarityFunction.DOT_PRODUCT));
                document.add(new NumericDocValuesField(NUMBER, i));
                for (Share share : data.shares(i)) {
                    document.add(new StringField(share.field(), "yes", Field.Store.NO));
                }
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    @Override
    public int[] search(float[] query, int beam, Share share) throws IOException {
        int wanted = Math.clamp(compared, Truth.NEAREST, Math.max(beam, Truth.NEAREST));
        ScoreDoc[] hits =
                searcher.search(new KnnFloatVectorQuery(VECTOR, query, beam, filter(share)), wanted).scoreDocs;
        if (compared > 0) {
            compareExactly(hits, query);
        }
        int[] found = new int[Math.min(hits.length, Truth.NEAREST)];
        for (int i = 0; i < found.length; i++) {
            found[i] = numbers[hits[i].doc];
            if (ours) {
                readStored(hits[i].doc);
            }
        }
        return found;
    }

    private @Nullable Query filter(Share share) {
        if (!ours) {
            return share == Share.ALL ? null : new TermQuery(new Term(share.field(), "yes"));
        }
        if (share == Share.ALL) {
            return null;
        }
        return new BooleanQuery.Builder()
                .add(new TermQuery(new Term("tenant", "tbench")), BooleanClause.Occur.FILTER)
                .add(new TermQuery(new Term("metadata", share.field() + "\0yes")), BooleanClause.Occur.FILTER)
                .build();
    }

    /** Sorts them by what it finds. */
    private void compareExactly(ScoreDoc[] hits, float[] query) throws IOException {
        Arrays.sort(hits, Comparator.comparingInt(hit -> hit.doc));
        VectorScorer exact = leaf.getFloatVectorValues(VECTOR).rescorer(query);
        DocIdSetIterator entries = exact.iterator();
        for (ScoreDoc hit : hits) {
            entries.advance(hit.doc);
            hit.score = exact.score();
        }
        Arrays.sort(hits, Comparator.comparingDouble(hit -> -hit.score));
    }

    /** What our store makes a chunk of, without making one. */
    private void readStored(int entry) throws IOException {
        BinaryDocValues stored = leaf.getBinaryDocValues("stored");
        if (!stored.advanceExact(entry) || stored.binaryValue().length == 0) {
            throw new IOException("Nothing stored");
        }
    }

    @Override
    public long bytes() throws IOException {
        long bytes = 0;
        for (String file : reader.directory().listAll()) {
            bytes += reader.directory().fileLength(file);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        reader.directory().close();
    }
}
