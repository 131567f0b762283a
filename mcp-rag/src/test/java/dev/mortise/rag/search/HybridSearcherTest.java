package dev.mortise.rag.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HybridSearcherTest {
    private static final Tenant ACME = Tenant.of("acme");

    private final LuceneChunkStore store = LuceneChunkStore.inMemory(Samples.SPACE);
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final EmbeddingModel model = new EmbeddingModel() {
        @Override
        public String id() {
            return Samples.SPACE.model();
        }

        @Override
        public int dimensions() {
            return Samples.SPACE.dimensions();
        }

        @Override
        public List<float[]> embed(List<String> texts, Use use) {
            asked.incrementAndGet();
            if (away.get()) {
                throw new IllegalStateException("away");
            }
            return texts.stream().map(text -> Samples.vector(text.hashCode())).toList();
        }
    };

    @AfterEach
    void close() {
        store.close();
    }

    private void fill() {
        store.replace(ACME, Samples.document(Samples.key("a"), "The pump is greased monthly.", "The valve is new."));
        store.replace(ACME, Samples.document(Samples.key("b"), "A pump needs power. The pump hums.", "Nothing."));
    }

    @Test
    void findsByBothAndSaysBySoWhich() {
        fill();
        HybridSearcher searcher = HybridSearcher.over(store).model(model).build();
        List<SearchHit> hits = searcher.search(ACME, SearchQuery.of("Nothing.")).hits();
        assertThat(hits.getFirst().chunk().text()).isEqualTo("Nothing.");
        assertThat(hits.getFirst().foundBy()).containsExactlyInAnyOrder(SearchHit.Way.WORDS, SearchHit.Way.VECTORS);
        assertThat(hits.getFirst().score()).isGreaterThan(0.9);
    }

    @Test
    void weightsSayWhichWayCounts() {
        store.replace(ACME, Samples.document(Samples.key("words"), "the pump, the valve and the grease"));
        store.replace(ACME, Samples.document(Samples.key("vectors"), "PUMP"));
        String query = "pump valve grease";
        // It takes whatever it is asked for "PUMP".
        EmbeddingModel misled = new EmbeddingModel() {
            @Override
            public String id() {
                return model.id();
            }

            @Override
            public int dimensions() {
                return model.dimensions();
            }

            @Override
            public List<float[]> embed(List<String> texts, Use use) {
                return List.of(Samples.vector("PUMP".hashCode()));
            }
        };
        assertThat(first(HybridSearcher.over(store).model(misled).weights(1, 0), query))
                .isEqualTo("words");
        assertThat(first(HybridSearcher.over(store).model(misled).weights(5, 1), query))
                .isEqualTo("words");
        assertThat(first(HybridSearcher.over(store).model(misled).weights(1, 5), query))
                .isEqualTo("vectors");
    }

    private static String first(HybridSearcher.Builder searcher, String query) {
        return searcher.build()
                .search(ACME, SearchQuery.of(query))
                .hits()
                .getFirst()
                .chunk()
                .document()
                .document();
    }

    @Test
    void saysWhetherTheModelWasAsked() {
        fill();
        HybridSearcher searcher = HybridSearcher.over(store).model(model).build();
        assertThat(searcher.search(ACME, SearchQuery.of("grease")).embedded()).isEqualTo(1);
        assertThat(searcher.search(ACME, SearchQuery.of("grease")).embedded()).isZero();
        assertThat(searcher.search(ACME, SearchQuery.of("grease").withLimit(3)).embedded())
                .as("another query of the same text")
                .isZero();
        assertThat(asked).hasValue(1);
    }

    @Test
    void wordsAnswerWhenTheModelIsAwayAndThatIsNotRemembered() {
        fill();
        HybridSearcher searcher = HybridSearcher.over(store).model(model).build();
        away.set(true);
        SearchResult degraded = searcher.search(ACME, SearchQuery.of("grease"));
        assertThat(degraded.degraded()).isTrue();
        assertThat(degraded.hits()).isNotEmpty();
        away.set(false);
        SearchResult whole = searcher.search(ACME, SearchQuery.of("grease"));
        assertThat(whole.degraded()).isFalse();
        assertThat(whole.cached()).isFalse();
    }

    @Test
    void remembersUntilSomethingChanges() {
        fill();
        HybridSearcher searcher = HybridSearcher.over(store).model(model).build();
        SearchQuery query = SearchQuery.of("pump");
        assertThat(searcher.search(ACME, query).cached()).isFalse();
        assertThat(searcher.search(ACME, query).cached()).isTrue();
        assertThat(searcher.search(Tenant.of("other"), query).hits()).isEmpty();
        store.delete(ACME, Samples.key("b"));
        SearchResult fresh = searcher.search(ACME, query);
        assertThat(fresh.cached()).isFalse();
        assertThat(fresh.hits()).noneMatch(hit -> hit.chunk().document().equals(Samples.key("b")));
        assertThat(asked).hasValue(1);
    }

    @Test
    void limitsHitsOfADocumentAndLowScores() {
        fill();
        HybridSearcher searcher = HybridSearcher.over(store).build();
        assertThat(searcher.search(ACME, SearchQuery.of("the pump valve").withPerDocument(1))
                        .hits())
                .extracting(hit -> hit.chunk().document())
                .doesNotHaveDuplicates();
        assertThat(searcher.search(ACME, SearchQuery.of("pump").withMinimumScore(1))
                        .hits())
                .isEmpty();
        assertThat(searcher.search(ACME, SearchQuery.of("pump").withFilter(Filter.document(Samples.key("a"))))
                        .hits())
                .allMatch(hit -> hit.chunk().document().equals(Samples.key("a")));
        assertThat(searcher.search(ACME, SearchQuery.of("  ")).hits()).isEmpty();
    }

    @Test
    void diversityPutsRepetitionsBehind() {
        store.replace(ACME, Samples.document(Samples.key("1"), "pump pump repair guide steps"));
        store.replace(ACME, Samples.document(Samples.key("2"), "pump pump repair guide steps"));
        store.replace(ACME, Samples.document(Samples.key("3"), "pump noise when cold outside and other things"));
        HybridSearcher searcher = HybridSearcher.over(store).build();
        assertThat(searcher.search(ACME, SearchQuery.of("pump repair").withDiversity(0.7)).hits().stream()
                        .map(hit -> hit.chunk().document().document()))
                .element(1)
                .isEqualTo("3");
    }

    @Test
    void aRerankerDecidesUnlessItFails() {
        fill();
        Map<String, Double> wanted = Map.of("The valve is new.", 0.9);
        Reranker reranker = (query, hits) -> hits.stream()
                .mapToDouble(hit -> wanted.getOrDefault(hit.chunk().text(), 0.1))
                .toArray();
        SearchQuery query = SearchQuery.of("pump valve");
        assertThat(HybridSearcher.over(store)
                        .reranker(reranker)
                        .build()
                        .search(ACME, query)
                        .hits()
                        .getFirst())
                .satisfies(hit -> assertThat(hit.chunk().text()).isEqualTo("The valve is new."))
                .satisfies(hit -> assertThat(hit.score()).isEqualTo(0.9));
        Reranker broken = (text, hits) -> new double[0];
        assertThat(HybridSearcher.over(store)
                        .reranker(broken)
                        .build()
                        .search(ACME, query)
                        .hits())
                .isEqualTo(
                        HybridSearcher.over(store).build().search(ACME, query).hits());
    }

    @Test
    void whatARerankerThatFailsLeavesIsNotRemembered() {
        fill();
        Reranker reranker = (text, hits) -> {
            if (away.get()) {
                throw new IllegalStateException("away");
            }
            return new double[hits.size()];
        };
        HybridSearcher searcher = HybridSearcher.over(store).reranker(reranker).build();
        away.set(true);
        assertThat(searcher.search(ACME, SearchQuery.of("pump")).degraded()).isTrue();
        away.set(false);

        SearchResult whole = searcher.search(ACME, SearchQuery.of("pump"));

        assertThat(whole.cached()).isFalse();
        assertThat(whole.degraded()).isFalse();
        assertThat(searcher.search(ACME, SearchQuery.of("pump")).cached()).isTrue();
    }

    @Test
    void documentsThatAreFullOfItHideNoOthers() {
        for (String large : List.of("large", "larger")) {
            String[] paragraphs = IntStream.range(0, 200)
                    .mapToObj(each -> "pump pump pump " + each)
                    .toArray(String[]::new);
            store.replace(ACME, Samples.document(Samples.key(large), paragraphs));
        }
        for (int each = 0; each < 8; each++) {
            store.replace(
                    ACME,
                    Samples.document(
                            Samples.key("small " + each),
                            "Somewhere in this there is a pump as well, with other things " + each + "."));
        }

        List<SearchHit> hits = HybridSearcher.over(store)
                .build()
                .search(ACME, SearchQuery.of("pump"))
                .hits();

        assertThat(hits).hasSize(10).doesNotHaveDuplicates();
        assertThat(hits.subList(0, 3))
                .as("those of the first round stay in front")
                .allMatch(hit -> hit.chunk().document().document().startsWith("large"));
        assertThat(hits)
                .filteredOn(hit -> hit.chunk().document().document().startsWith("small"))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void snippetsShowTheWordsInTheirPlaces() {
        String text = "Filler sentence. ".repeat(60) + "The pump is greased here. " + "More filler. ".repeat(60);
        store.replace(ACME, Samples.document(Samples.key("long"), text));
        SearchHit hit = HybridSearcher.over(store)
                .build()
                .search(ACME, SearchQuery.of("greasing the pump"))
                .hits()
                .getFirst();
        Snippet snippet = hit.snippet();
        assertThat(snippet.marked("[", "]")).contains("The [pump] is [greased] here.");
        assertThat(text.substring(snippet.start())).startsWith(snippet.text());
        assertThat(snippet.text()).hasSizeLessThanOrEqualTo(300);
    }
}
