package dev.mortise.security.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestsTest {
    /** Whatever the way it is read in parts, a text has the digest of its UTF-8: none is taken for another. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 800})
    void aTextHasTheDigestOfItsBytes(int length) {
        String ascii = "a.Z_9".repeat(200).substring(0, length);
        for (String text : new String[] {ascii, ascii + '\u0161', '\u00e9' + ascii, ascii + "\ud83d\ude00" + ascii}) {
            assertThat(Digests.digest(text)).isEqualTo(Digests.digest(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
