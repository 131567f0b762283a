package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.documents.Headings.Heading;
import org.junit.jupiter.api.Test;

class HeadingsTest {
    @Test
    void headingsAreFoundOutsideOfCode() {
        String markdown = """
                # Title #
                #no heading
                ## Set-up
                ```sh
                # a comment
                ```
                ~~~~
                # still code
                ~~~
                ~~~~
                   ### C# and F#
                    # indented code
                """;
        assertThat(Headings.of(markdown))
                .containsExactly(new Heading(1, "Title"), new Heading(2, "Set-up"), new Heading(3, "C# and F#"));
    }

    @Test
    void aDocumentIsCalledByItsFirstHeadingOrByItsFile() {
        assertThat(Headings.title(new DocumentName("a/b.md"), "intro\n\n## 标题\n# Other"))
                .isEqualTo("标题");
        assertThat(Headings.title(new DocumentName("a/b.md"), "no heading")).isEqualTo("b.md");
        assertThat(Headings.title(new DocumentName("a/b.csv"), "# comment")).isEqualTo("b.csv");
    }
}
