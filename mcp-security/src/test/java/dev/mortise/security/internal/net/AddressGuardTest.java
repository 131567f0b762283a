package dev.mortise.security.internal.net;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a document can lead: all of these are literals, so that no name is looked up. */
class AddressGuardTest {
    private static final URI BY = URI.create("https://as.example");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/keys",
                "https://127.9.9.9/keys",
                "https://2130706433/keys",
                "https://10.0.0.1/keys",
                "https://172.31.255.255/keys",
                "https://192.168.0.1/keys",
                "https://192.0.0.192/keys",
                "https://169.254.169.254/latest/meta-data",
                "https://100.100.100.200/keys",
                "https://0.0.0.0/keys",
                "https://198.19.0.1/keys",
                "https://224.0.0.1/keys",
                "https://255.255.255.255/keys",
                "https://[::1]/keys",
                "https://[::]/keys",
                "https://[::ffff:127.0.0.1]/keys",
                "https://[::ffff:a00:1]/keys",
                "https://[::10.0.0.1]/keys",
                "https://[::ffff:0:7f00:1]/keys",
                "https://[64:ff9b::7f00:1]/keys",
                "https://[64:ff9b:1::7f00:1]/keys",
                "https://[2002:7f00:1::1]/keys",
                "https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/keys",
                "https://[fe80::1]/keys",
                "https://[fec0::1]/keys",
                "https://[fd00:ec2::254]/keys",
                "https://[ff02::1]/keys",
                "http://93.184.216.34/keys",
                "http://127.0.0.1/keys",
                "https://as.example@93.184.216.34/keys",
                "https://93.184.216.34/keys#x",
                "ftp://93.184.216.34/keys",
                "file:///etc/passwd"
            })
    void aDocumentDoesNotLeadThere(String url) {
        assertThatThrownBy(() -> AddressGuard.checkNamed(URI.create(url), BY)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://93.184.216.34/keys", "https://[2606:4700:4700::1111]/keys"})
    void aDocumentMayLeadThere(String url) {
        assertThatCode(() -> AddressGuard.checkNamed(URI.create(url), BY)).doesNotThrowAnyException();
    }
}
