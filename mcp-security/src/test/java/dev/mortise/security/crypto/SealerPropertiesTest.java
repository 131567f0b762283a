package dev.mortise.security.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whatever is sealed, wherever, and whatever somebody does to it. */
class SealerPropertiesTest {
    private static final Sealer SEALER = Sealer.of(
            DataKeyStore.inMemory(),
            LocalKeyEncryption.current("test", () -> {
                        byte[] key = new byte[32];
                        new java.security.SecureRandom().nextBytes(key);
                        return key;
                    })
                    .build());

    private static boolean isText(String... texts) {
        return Arrays.stream(texts)
                .allMatch(text ->
                        java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text));
    }

    @Property(tries = 300)
    void everythingComesBack(@ForAll byte[] plain, @ForAll String table, @ForAll String row) {
        Assume.that(isText(table, row));
        Field field = new Field("acme", table, "c", row);
        assertThat(SEALER.open(field, SEALER.seal(field, plain))).isEqualTo(plain);
    }

    @Property(tries = 300)
    void whatIsChangedDoesNotOpen(
            @ForAll @Size(max = 40) byte[] plain,
            @ForAll @IntRange(max = 10_000) int at,
            @ForAll @IntRange(min = 1, max = 255) int by) {
        Field field = new Field("acme", "t", "c", "r");
        byte[] sealed = SEALER.seal(field, plain);
        sealed[at % sealed.length] ^= (byte) by;
        assertThatThrownBy(() -> SEALER.open(field, sealed)).isExactlyInstanceOf(CannotOpen.class);
        byte[] cut = Arrays.copyOf(SEALER.seal(field, plain), at % sealed.length);
        assertThatThrownBy(() -> SEALER.open(field, cut)).isExactlyInstanceOf(CannotOpen.class);
    }

    @Property(tries = 300)
    void nonsenseDoesNotOpen(@ForAll byte[] nonsense, @ForAll String text) {
        Field field = new Field("acme", "t", "c", "r");
        assertThatThrownBy(() -> SEALER.open(field, nonsense)).isExactlyInstanceOf(CannotOpen.class);
        assertThatThrownBy(() -> SEALER.open(field, text)).isExactlyInstanceOf(CannotOpen.class);
        assertThatThrownBy(() -> SEALER.open(field, "s1." + text)).isExactlyInstanceOf(CannotOpen.class);
    }

    @Property(tries = 500)
    void differentPlacesHaveDifferentBytes(@ForAll @Size(4) String[] one, @ForAll @Size(4) String[] other) {
        Assume.that(isText(one) && isText(other) && !one[0].isEmpty() && !other[0].isEmpty());
        Assume.that(!Arrays.equals(one, other));
        assertThat(new Field(one[0], one[1], one[2], one[3]).associatedData((byte) 1))
                .isNotEqualTo(new Field(other[0], other[1], other[2], other[3]).associatedData((byte) 1));
    }

    /** The place of two parts may be cut anywhere: never the same bytes. */
    @Property(tries = 300)
    void whereOnePartEndsMatters(
            @ForAll @StringLength(min = 2, max = 20) String text, @ForAll @IntRange(max = 19) int cut) {
        Assume.that(isText(text) && cut > 0 && cut < text.length());
        Assume.that(!Character.isLowSurrogate(text.charAt(cut)));
        Field whole = new Field("t", text, "", "r");
        Field parts = new Field("t", text.substring(0, cut), text.substring(cut), "r");
        assertThat(whole.associatedData((byte) 1)).isNotEqualTo(parts.associatedData((byte) 1));
    }

    @Property(tries = 50)
    void halvesOfPairsAreNoPlaces(@ForAll @IntRange(min = 0xd800, max = 0xdfff) int half) {
        assertThatThrownBy(() -> new Field("acme", "t", "c", "r" + (char) half))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
