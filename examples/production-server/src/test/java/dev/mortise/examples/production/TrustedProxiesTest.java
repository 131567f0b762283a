package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies("10.0.0.0/8, 172.30.42.10,fd00::/8");

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 203.0.113.9, 203.0.113.9",
        // What the client wrote itself stands first.
        "10.1.2.3, '1.1.1.1, 203.0.113.9', 203.0.113.9",
        // Two proxies behind each other.
        "172.30.42.10, '203.0.113.9, 10.9.9.9', 203.0.113.9",
        "fd00::1, 2001:db8::7, 2001:db8:0:0:0:0:0:7",
        // All of them are ours: the first is as far as one can see.
        "10.1.2.3, '10.7.7.7, 10.8.8.8', 10.7.7.7",
        // Somebody who is no proxy says so.
        "203.0.113.9, 1.1.1.1, 203.0.113.9",
        "172.30.42.11, 1.1.1.1, 172.30.42.11",
        // What is no address ends it, and is never looked up.
        "10.1.2.3, 'evil.example.com', 10.1.2.3",
        "10.1.2.3, '203.0.113.9, unknown', 10.1.2.3",
        "10.1.2.3, '203.0.113.9:4711', 10.1.2.3",
        "10.1.2.3, '', 10.1.2.3"
    })
    void theClientIsTheLastWhomNobodyTrusts(String peer, String forwarded, String client) throws Exception {
        List<String> values = forwarded.isEmpty() ? List.of() : List.of(forwarded.split(", ", -1));
        assertThat(proxies.client(InetAddress.getByName(peer), values).getHostAddress())
                .isEqualTo(client);
    }
}
