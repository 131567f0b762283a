package dev.mortise.rag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text is text, however it was written. */
class EncodingTest {
    private static final String CHINESE = "水泵的最大压力是三巴。更换机油之前，请先关闭阀门！\n第二行：注意安全。";

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "GBK", "UTF-16"})
    void chineseIsReadWithoutBeingTold(String charset) throws Exception {
        assertThat(Reading.of("a.txt", CHINESE.getBytes(Charset.forName(charset)))
                        .text())
                .isEqualTo(CHINESE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "UTF-16"})
    void englishAndFrenchAreReadWithoutBeingTold(String charset) throws Exception {
        String text = "The pressure is 3 bar. Été naïf, déjà vu — “quoted”.\n";

        assertThat(Reading.of("a.txt", text.getBytes(Charset.forName(charset))).text())
                .isEqualTo(text);
    }

    @Test
    void aMarkIsNotPartOfTheText() throws Exception {
        byte[] marked = concat(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, "hello".getBytes());

        assertThat(Reading.of("a.txt", marked).text()).isEqualTo("hello");
    }

    @Test
    void thePageSaysHowItIsEncoded() throws Exception {
        String page = "<html><head><meta charset=gb2312><title>水泵</title></head><body>压力</body></html>";

        assertThat(Reading.of("a.html", page.getBytes(Charset.forName("GB18030")))
                        .title())
                .isEqualTo("水泵");
    }

    @Test
    void aLieAboutTheEncodingIsNotBelieved() throws Exception {
        DocumentSource source = Reading.source("a.txt", CHINESE.getBytes(Charset.forName("GB18030")))
                .withMediaType("text/plain; charset=utf-8");

        assertThat(DocumentReader.standard().read(source).text()).isEqualTo(CHINESE);
    }

    @Test
    void aBrokenByteInUtf8BreaksOneCharacterOnly() throws Exception {
        byte[] bytes = concat(
                concat(CHINESE.getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xC3}),
                "水".getBytes(StandardCharsets.UTF_8));

        assertThat(Reading.of("a.txt", bytes).text()).isEqualTo(CHINESE + "\uFFFD水");
    }

    @Test
    void nulBytesAndHalfPairsBecomeReplacements() throws Exception {
        assertThat(Reading.of("a.txt", "a few words and then\0one more of them\r\nand\ra line".getBytes())
                        .text())
                .isEqualTo("a few words and then\uFFFDone more of them\nand\na line");
        byte[] half = "words \uD800 and words".getBytes(StandardCharsets.UTF_16LE);
        half[12] = 0;
        half[13] = (byte) 0xD8;
        assertThat(Reading.of("a.txt", half).text()).isEqualTo("words \uFFFDand words");
    }

    @Test
    void whatIsNoTextIsRefused() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);

        assertThatThrownBy(() -> Reading.of("a.txt", noise))
                .isInstanceOfSatisfying(
                        DocumentRejected.class,
                        e -> assertThat(e.reason()).isEqualTo(DocumentRejected.Reason.UNSUPPORTED));
    }

    @Test
    void rightToLeftStaysInLogicalOrder() throws Exception {
        String text = "שלום עולם. مرحبا بالعالم \u202Eabc\u202C";

        assertThat(Reading.of("a.txt", text).text()).isEqualTo(text);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }
}
