package dev.mortise.security.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.Environment;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;

class KeyTextTest {
    @Example
    void aKeyLooksLikeAKey() {
        KeyText key = KeyText.random("mk", Environment.PRODUCTION);
        assertThat(key.text()).matches("mk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{28}_[0-9A-Za-z]{6}");
        assertThat(KeyText.parse(key.text())).contains(key);
        assertThat(key.toString()).doesNotContain(key.secret());
        // 28 characters of 62 are at least 160 bits.
        assertThat(key.secret().length() * Math.log(62) / Math.log(2)).isGreaterThan(160);
    }

    @Property
    void whatIsNoKeyIsRefusedAndNothingIsThrown(@ForAll String text) {
        assertThat(KeyText.parse(text)).isEmpty();
    }

    /** Much more like a key than chance would make it. */
    @Property(tries = 5_000)
    void whatIsNearlyAKeyIsReadAsItStandsOrNotAtAll(@ForAll("nearly") String text) {
        KeyText.parse(text).ifPresent(key -> assertThat(key.text()).isEqualTo(text));
    }

    @Provide
    Arbitrary<String> nearly() {
        Arbitrary<String> part = Arbitraries.strings()
                .withChars('_', 'a', 'Z', '9', '-', '\0', 'é', '\ud800')
                .ofMinLength(0)
                .ofMaxLength(30);
        return Arbitraries.oneOf(part.list().ofSize(5).map(parts -> String.join("_", parts)), part.map(inserted -> {
            String text = KeyText.random("mk", Environment.TEST).text();
            int at = inserted.length() % text.length();
            return text.substring(0, at) + inserted + text.substring(at);
        }));
    }

    @Property
    void oneWrongCharacterIsNoticed(
            @ForAll @IntRange(max = 55) int at, @ForAll @CharRange(from = '!', to = '~') char c) {
        String text = KeyText.random("mk", Environment.TEST).text();
        Optional<KeyText> parsed = KeyText.parse(text.substring(0, at) + c + text.substring(at + 1));
        if (c != text.charAt(at)) {
            assertThat(parsed).isEmpty();
        }
    }
}
