package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of the paper's authors, as far as they are of an even length: key 00..0f, message 00, 01, 02, … */
class SipHashTest {
    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of(0, 0x726fdb47dd0e0e31L),
                Arguments.of(2, 0x0d6c8009d9a94f5aL),
                Arguments.of(4, 0xcf2794e0277187b7L),
                Arguments.of(6, 0xcbc9466e58fee3ceL),
                Arguments.of(8, 0x93f5f5799a932462L));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isTheOneOfThePaper(int length, long expected) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) i;
        }
        assertThat(new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L)
                        .hash(new String(message, StandardCharsets.UTF_16LE)))
                .isEqualTo(expected);
    }
}
