package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StoreKeyTest {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@+=-]{1,128}");

    @Property
    void isTheIdItselfIfThatIsPlainAndADigestOtherwise(@ForAll @From("ids") String id) {
        String key = StoreKey.of(id);
        if (PLAIN.matcher(id).matches()) {
            assertThat(key).isEqualTo(id);
        } else {
            assertThat(key).matches("~[A-Za-z0-9_-]{43}");
        }
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('+', 'z').ofMaxLength(20),
                Arbitraries.strings().alpha().numeric().withChars("._:/@+=-").ofMaxLength(130),
                Arbitraries.strings().ofMaxLength(10));
    }

    @Test
    void unpairedSurrogatesAreTheirOwnCharacters() {
        assertThat(StoreKey.of("\ud800")).isNotEqualTo(StoreKey.of("\ud801")).isNotEqualTo(StoreKey.of("\ufffd"));
    }
}
