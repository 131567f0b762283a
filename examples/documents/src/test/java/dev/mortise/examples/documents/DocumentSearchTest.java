package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.documents.SearchDocuments.Hit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSearchTest {
    @TempDir
    Path root;

    private DocumentSearch search;

    @BeforeEach
    void write() throws IOException {
        search = new DocumentSearch(DocumentFolder.open(root));
        Files.writeString(root.resolve("billing.md"), "# Billing\n\nInvoices are sent monthly. The gateway is free.");
        Files.writeString(
                root.resolve("gateway.md"), "# Gateway\n\nThe gateway forwards requests. A gateway has routes.");
        Files.writeString(root.resolve("other.txt"), "The weather is fine, and the cat is on the mat.");
        Files.writeString(root.resolve("网关.md"), "# 网关变量\n\n" + "这里是一些别的内容。".repeat(50) + "负载均衡器的名称是一个变量。");
        Files.writeString(root.resolve("天气.md"), "# 天气\n\n今天的天气很好。网上说明天也是。");
    }

    private List<String> names(String query) throws IOException {
        return search.find(query, 10).documents().stream().map(Hit::name).toList();
    }

    @Test
    void theDocumentThatIsAboutAWordComesFirst() throws IOException {
        assertThat(names("gateways")).containsExactly("gateway.md", "billing.md");
        assertThat(names("INVOICE")).containsExactly("billing.md");
    }

    @Test
    void aRareWordCountsMoreThanACommonOne() throws IOException {
        assertThat(names("the cat").get(0)).isEqualTo("other.txt");
    }

    @Test
    void chineseIsFoundWithoutSpaces() throws IOException {
        assertThat(names("变量")).containsExactly("网关.md");
        assertThat(names("今天天气怎么样").get(0)).isEqualTo("天气.md");
        assertThat(names("网关"))
                .as("the characters alone, apart from each other, are no match")
                .containsExactly("网关.md");
    }

    @Test
    void theSnippetShowsTheWordsInTheText() throws IOException {
        Hit hit = search.find("负载均衡器", 1).documents().get(0);
        assertThat(hit.snippet()).startsWith("…").endsWith("负载均衡器的名称是一个变量。");
        assertThat(hit.snippet().length()).isLessThan(260);
        assertThat(hit.title()).isEqualTo("网关变量");
        assertThat(hit.uri()).isEqualTo("docs:///%E7%BD%91%E5%85%B3.md");
        assertThat(hit.score()).isPositive();
    }

    @Test
    void theTotalCountsBeyondTheLimit() throws IOException {
        SearchDocuments.Results results = search.find("the", 1);
        assertThat(results.total()).isEqualTo(3);
        assertThat(results.documents()).hasSize(1);
    }

    @Test
    void nothingIsFoundWhereThereIsNothing() throws IOException {
        assertThat(search.find("zebra", 10).documents()).isEmpty();
    }
}
