package dev.mortise.rag.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Holds how documents are cut to the revision that says so. When this fails and documents shall be cut in the new way, raise
 * {@code Chunker.REVISION}, and put the recipe and the digest here.
 */
class ChunkerRevisionTest {
    private static final String RECIPE = "chunker-2:60:12:estimate";
    private static final String DIGEST = "659cc11397a821a3";

    @Test
    void whatIsCutInAnotherWayHasAnotherRevision() throws Exception {
        Chunker chunker = Chunker.of(60, 12);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Map.Entry<String, String> sample : samples().entrySet()) {
            DocumentSource source = DocumentSource.of(
                            new DocumentKey("docs", sample.getKey()),
                            sample.getValue().getBytes(StandardCharsets.UTF_8))
                    .withFileName(sample.getKey());
            for (Passage passage : chunker.chunk(DocumentReader.standard().read(source), 10_000)) {
                digest.update(passage.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        String revision = chunker.recipe() + " " + HexFormat.of().formatHex(digest.digest(), 0, 8);

        assertThat(revision).isEqualTo(RECIPE + " " + DIGEST);
    }

    /** Something of each kind that is cut in a way of its own. */
    private static Map<String, String> samples() {
        Map<String, String> samples = new TreeMap<>();
        samples.put(
                "guide.md",
                "# Pump\n\n" + "The pump is blue. It turns left, as all of them do. ".repeat(8)
                        + "\n\n## Oil\n\nBefore you begin:\n\n- drain it\n- wait\n- fill it\n\n"
                        + "```java\nint a = 1;\n\nint b = 2;\n```\n\n### Short\n\nYes.\n\n### Also short\n\nNo.\n");
        samples.put("table.md", "# Table\n\n| part | price |\n|------|-------|\n" + "| valve | 12.50 |\n".repeat(30));
        samples.put("chinese.md", "# 水泵\n\n" + "水泵的压力是三巴。请先关闭阀门，再检查压力！".repeat(12));
        samples.put("line.txt", "x".repeat(2_000));
        StringBuilder deep = new StringBuilder();
        for (int depth = 0; depth < 14; depth++) {
            deep.append("{\"").append("level ").append(depth).append(" of the pump\": ");
        }
        samples.put("deep.json", deep + "\"blue\"" + "}".repeat(14));
        samples.put("prices.csv", "part,price\n" + "valve,12.50\n".repeat(40));
        samples.put(
                "Pump.java",
                "class Pump {\n" + "    int turn(int by) {\n        return by;\n    }\n\n".repeat(12) + "}\n");
        return samples;
    }
}
