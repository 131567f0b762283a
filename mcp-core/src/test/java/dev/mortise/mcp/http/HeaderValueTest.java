package dev.mortise.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {
    /** The examples of the specification, Streamable HTTP: Value Encoding. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "us-west1|us-west1",
                "Hello, 世界|=?base64?SGVsbG8sIOS4lueVjA==?=",
                "\" padded \"|=?base64?IHBhZGRlZCA=?=",
                "\"line1\nline2\"|=?base64?bGluZTEKbGluZTI=?=",
                "=?base64?literal?=|=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
            })
    void encodesAsTheSpecificationShows(String text, String header) {
        assertThat(HeaderValue.encode(text)).isEqualTo(header);
        assertThat(HeaderValue.decode(header)).contains(text);
    }

    @Property
    void whatIsEncodedIsReadBackAndSafeInAHeader(@ForAll String text) {
        Assume.that(StandardCharsets.UTF_8.newEncoder().canEncode(text));
        String header = HeaderValue.encode(text);
        assertThat(header).matches("[\\x21-\\x7e \\t]*").isEqualTo(header.strip());
        assertThat(HeaderValue.decode(header)).contains(text);
    }

    @Property
    void readingNeverThrowsAndWhatIsReadMeansOneText(@ForAll String header) {
        HeaderValue.decode(header)
                .ifPresent(text ->
                        assertThat(HeaderValue.decode(HeaderValue.encode(text))).contains(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?SGVsbG8?=", // no padding
                "=?base64?SGVsbG9=?=", // padding bits that are not zero
                "=?base64?SGVs bG8=?=", // a blank inside
                "=?base64?SGVs-G8_?=", // the alphabet for URLs
                "=?base64?/w==?=", // not UTF-8
                "=?base64?wIA=?=", // NUL, written overlong
                "=?base64?7aCA?=", // half a surrogate pair
                "=?base64?=", // prefix and suffix share a character
                " us-west1",
                "us-west1\t",
                "line1\nline2",
                "é",
                "\u007f",
            })
    void refusesMalformedValues(String header) {
        assertThat(HeaderValue.decode(header)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?BASE64?SGVsbG8=?=", "=?base64?SGVsbG8=", "SGVsbG8=?="})
    void theMarkIsExactOrTheValueIsPlain(String header) {
        assertThat(HeaderValue.decode(header)).contains(header);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b"})
    void refusesToWriteWhatUtf8CannotCarry(String text) {
        assertThatThrownBy(() -> HeaderValue.encode(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
