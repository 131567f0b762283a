package dev.mortise.examples.production.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCharsetTest {
    private static byte[] bytes(String text, String charset) {
        return text.getBytes(Charset.forName(charset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<meta charset=gb2312>汉字",
                "<META CharSet = \"GBK\" >汉字",
                "<meta http-equiv=content-type content='text/html; charset=gb18030'>汉字",
                "<!-- <meta charset=utf-8> --><meta charset='gbk'>汉字",
                "<meta charset=no-such><meta charset=gbk>汉字",
            })
    void aPageSaysItself(String page) {
        assertThat(PageCharset.decoded(bytes(page, "GBK"), "", true)).isEqualTo(page);
    }

    @Test
    void httpSaysItFirstAndAByteOrderMarkBeforeIt() throws Exception {
        String page = "<meta charset=utf-8>汉字";
        assertThat(PageCharset.decoded(bytes(page, "GBK"), "gbk", true)).isEqualTo(page);
        assertThat(PageCharset.decoded(bytes("汉", "UTF-8"), "no such charset", true))
                .isEqualTo("汉");
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        marked.write(bytes("汉字", "UTF-8"));
        assertThat(PageCharset.decoded(marked.toByteArray(), "gbk", true)).isEqualTo("汉字");
        assertThat(PageCharset.decoded(new byte[] {(byte) 0xFF, (byte) 0xFE, 0x49, 0x6C}, "", false))
                .isEqualTo("汉");
    }

    @Test
    void elseItIsUtf8() {
        String late = " ".repeat(1_024) + "<meta charset=gbk>汉字";
        assertThat(PageCharset.decoded(late.getBytes(StandardCharsets.UTF_8), "", true))
                .isEqualTo(late);
        String text = "<meta charset=gbk>汉字";
        assertThat(PageCharset.decoded(text.getBytes(StandardCharsets.UTF_8), "", false))
                .as("only HTML says so")
                .isEqualTo(text);
        String wide = "<meta charset=utf-16>汉字";
        assertThat(PageCharset.decoded(wide.getBytes(StandardCharsets.UTF_8), "", true))
                .isEqualTo(wide);
    }
}
