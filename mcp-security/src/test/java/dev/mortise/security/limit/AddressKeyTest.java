package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressKeyTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "64:ff9b::192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "2001:DB8:1:2::, 20010db800010002/64",
        "[2001:db8:1:2:ffff::1], 20010db800010002/64",
        "fe80::1%eth0, fe80000000000000/64",
        "'', unknown",
        "localhost, unknown",
        "1.2.3, unknown",
        "1.2.3.4.5, unknown",
        "999.1.1.1, unknown",
        ":::::, unknown",
    })
    void standsFor(String address, String key) {
        assertThat(AddressKey.of(address)).isEqualTo(key);
    }

    @Test
    void neighboursInOneNetworkAreOne() {
        assertThat(AddressKey.of("2001:db8::1")).isEqualTo(AddressKey.of("2001:db8::ffff:2"));
        assertThat(AddressKey.of("2001:db8::1")).isNotEqualTo(AddressKey.of("2001:db8:0:1::1"));
    }

    /** Nothing that a proxy could pass on makes it throw, or ask a name server. */
    @Property(tries = 2_000)
    void takesEverything(@ForAll String address) {
        assertThat(AddressKey.of(address)).isNotEmpty();
    }
}
