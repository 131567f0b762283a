package dev.mortise.examples.production.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void scriptsAndStylesAreLeftOutOfHtml() {
        String html = Markup.convert(
                "<style>p{}</style><p onclick=x style='color:red' class=c>Hi<script>alert(1)</script>"
                        + " <a href=' java\nscript:alert(1)'>there</a> <a href='/b'>you</a></p>",
                Format.HTML,
                Format.HTML);
        assertThat(html).isEqualTo("<p class=\"c\">Hi <a>there</a> <a href=\"/b\">you</a></p>");
    }

    @Test
    void textStaysTextInMarkdown() {
        String text = "~~~\n    a_b * c\n\tindented\n```\n&copy; R&D\na | b\n:-|-:\n1. x\n# y";
        String html = Markup.convert(text, Format.TEXT, Format.HTML);
        assertThat(html)
                .doesNotContain("<code", "<table", "<ol", "<h1", "©")
                .contains("a_b * c", "~~~", "```", "R&amp;D");
        assertThat(Markup.html(html).text().replaceAll("[\\s\\u00a0]+", " "))
                .isEqualTo("~~~ a_b * c indented ``` &copy; R&D a | b :-|-: 1. x # y");
        assertThat(Markup.convert("    a_b", Format.TEXT, Format.MARKDOWN)).doesNotStartWith(" ");
    }
}
