package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.internal.observe.SecretScanner;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final AtomicLong SINK = new AtomicLong();

    private final Redactor redactor = Redactor.standard();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        Authorization: Bearer abc.def-ghi123            | Authorization: [redacted]
        sent Bearer abcdefgh12 to it                    | sent Bearer [redacted] to it
        Basic dXNlcjpwYXNzd29yZA==                      | Basic [redacted]
        https://ada:hunter2@db.example.com/x            | https://[redacted]@db.example.com/x
        jdbc:postgresql://u:p@ss@host/db                | jdbc:postgresql://[redacted]@host/db
        GET /x?access_token=abc123&page=2               | GET /x?access_token=[redacted]&page=2
        GET /x?code=4%2F0AX4&state=7                    | GET /x?code=[redacted]&state=7
        a%3Fapi_key%3Dabc next                          | a%3Fapi_key%3D[redacted] next
        {"password":"hunter2","user":"ada"}             | {"password":"[redacted]","user":"ada"}
        {"client_secret": "a\\"b", "n": 1}              | {"client_secret": "[redacted]", "n": 1}
        db.password=hunter2, db.user=ada                | db.password=[redacted], db.user=ada
        AWS_SECRET_ACCESS_KEY=abc rest                  | AWS_SECRET_ACCESS_KEY=[redacted] rest
        key ghp_16C7e42F292c6912E7710c838347Ae178B4a.   | key [redacted]
        whsec_5f9ccab2ab4e9b2d8a3c found                | [redacted] found
        Cookie: a=b; session=c                          | Cookie: [redacted]
        """)
    void takesSecretsOut(String text, String expected) {
        assertThat(redactor.redact(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools/call add: complete in 3 ms",
                "trace 0af7651916cd43dd8448eb211c80319c span 00f067aa0ba902b7",
                "file 123e4567-e89b-12d3-a456-426614174000 not found",
                "docs:///a/very/long/path/that/ends/in/ReadmeFileOfTheProject.md",
                "max_tokens=100 and token_type=bearer",
                "basic maths, bearer of news",
                "https://example.com/a@b?page=2",
                "接続できません: 中文 ünïcödé"
            })
    void leavesTheRestAlone(String text) {
        assertThat(redactor.redact(text)).isEqualTo(text);
    }

    @Test
    void takesOutPrivateKeys() {
        String pem = "before -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- after";

        assertThat(redactor.redact(pem)).isEqualTo("before [redacted] after");
        assertThat(redactor.redact(pem.substring(0, 50))).isEqualTo("before [redacted]");
        assertThat(redactor.redact("-----BEGIN CERTIFICATE-----")).isEqualTo("-----BEGIN CERTIFICATE-----");
    }

    @Provide
    Arbitrary<String> secrets() {
        Arbitrary<String> url = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .ofLength(40)
                .map(text -> "aB3" + text);
        Arbitrary<String> jwt = Combinators.combine(url, url, url).as((a, b, c) -> "eyJ" + a + "." + b + "." + c);
        Arbitrary<String> prefixed = url.map(text -> "sk_live_" + text);
        return Arbitraries.oneOf(url, jwt, prefixed);
    }

    @Property(tries = 500)
    void noSecretSurvivesAnySurroundings(
            @ForAll("secrets") String secret, @ForAll @StringLength(max = 50) String before, @ForAll String after) {
        String redacted = redactor.redact(before + " " + secret + " " + after);

        assertThat(redacted).doesNotContain(secret);
        for (String part : secret.split("\\.", -1)) {
            assertThat(redacted).doesNotContain(part);
        }
    }

    @Property(tries = 500)
    void noNamedSecretSurvives(@ForAll("plain") String value) {
        for (String form : new String[] {"password=%s", "\"api_key\":\"%s\"", "?access_token=%s&x=1", "Bearer %s"}) {
            assertThat(redactor.redact(String.format(Locale.ROOT, form, value))).doesNotContain(value);
        }
    }

    @Provide
    Arbitrary<String> plain() {
        return Arbitraries.strings()
                .withCharRange('k', 'z')
                .numeric()
                .ofMinLength(9)
                .ofMaxLength(60);
    }

    @Property(tries = 500)
    void neverThrowsAndIsStable(@ForAll String text) {
        String once = redactor.redact(text);

        assertThat(redactor.redact(once)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "://",
                "password=",
                "-----BEGIN ",
                "eyJ.",
                "Bearer ",
                "\"token\":\"\\",
                "a",
                "token ",
                "%3d",
                "@",
                "x:"
            })
    void takesNoLongerForTextThatWasMadeForIt(String piece) {
        assertThat(redactor.redact(piece.repeat(2_000_000 / piece.length())).length())
                .isLessThanOrEqualTo(3 * Redactor.MAX_LENGTH);

        // Eight times the text may cost about eight times the work. What tries each start anew costs 64 times as much.
        long little = leastWork(piece.repeat(2_000 / piece.length()));
        long much = leastWork(piece.repeat(16_000 / piece.length()));
        assertThat((double) much / little).isLessThan(24);
    }

    /** By the time of this thread on a processor, which other work on the machine does not lengthen much. */
    private static long leastWork(String text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 20; i++) {
                SINK.addAndGet(SecretScanner.redact(text).length());
            }
            least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
        }
        return Math.max(1, least);
    }
}
