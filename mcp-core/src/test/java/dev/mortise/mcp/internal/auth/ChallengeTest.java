package dev.mortise.mcp.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** {@code WWW-Authenticate}, as servers write it and as they should not. */
class ChallengeTest {
    private static final String TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~";

    @Example
    void whatServersWrite() {
        assertThat(Challenge.parse(List.of(
                        "Bearer resource_metadata=\"https://a.example/x\",\n    scope=\"a b\" , error=insufficient_scope"
                                .replace("\n", ""))))
                .containsExactly(new Challenge(
                        "bearer",
                        Map.of(
                                "resource_metadata",
                                "https://a.example/x",
                                "scope",
                                "a b",
                                "error",
                                "insufficient_scope")));
        assertThat(Challenge.parse(List.of(
                        "Negotiate, Basic realm=\"a, b=\\\"c\\\"\", NTLM TlRMTVNTUAAB==, DPoP algs=\"ES256\"",
                        "bearer")))
                .containsExactly(
                        new Challenge("negotiate", Map.of()),
                        new Challenge("basic", Map.of("realm", "a, b=\"c\"")),
                        new Challenge("ntlm", Map.of()),
                        new Challenge("dpop", Map.of("algs", "ES256")),
                        new Challenge("bearer", Map.of()));
        assertThat(Challenge.parse(List.of("Bearer Scope = \"a\" , scope=b")))
                .containsExactly(new Challenge("bearer", Map.of("scope", "a")));
    }

    @Example
    void whatCannotBeReadEndsItsField() {
        assertThat(Challenge.parse(
                        List.of("Bearer scope=\"a", "Bearer scope=\"b\", x=\"\\", "=, Bearer", "\u0000", "")))
                .containsExactly(new Challenge("bearer", Map.of()), new Challenge("bearer", Map.of("scope", "b")));
        assertThat(Challenge.parse(List.of("Bearer " + "a".repeat(20_000)))).isEmpty();
        assertThat(Challenge.parse(List.of("A,".repeat(1000)))).hasSize(16);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("challenges") List<Challenge> challenges, @ForAll boolean quoted) {
        String field = challenges.stream().map(each -> write(each, quoted)).collect(Collectors.joining(", "));
        assertThat(Challenge.parse(List.of(field))).isEqualTo(challenges);
        List<String> fields = new ArrayList<>();
        challenges.forEach(each -> fields.add(write(each, quoted)));
        assertThat(Challenge.parse(fields)).isEqualTo(challenges);
    }

    @Property
    void nothingBreaksIt(@ForAll String first, @ForAll("almost") String second) {
        assertThat(Challenge.parse(List.of(first, second, second + first)))
                .hasSizeLessThanOrEqualTo(16)
                .allSatisfy(each -> assertThat(each.scheme())
                        .isNotEmpty()
                        .isEqualTo(each.scheme().toLowerCase(Locale.ROOT)));
    }

    private static String write(Challenge challenge, boolean quoted) {
        String parameters = challenge.parameters().entrySet().stream()
                .map(each -> each.getKey() + "=" + (quoted ? quote(each.getValue()) : orQuote(each.getValue())))
                .collect(Collectors.joining(","));
        return challenge.scheme().toUpperCase(Locale.ROOT) + (parameters.isEmpty() ? "" : " " + parameters);
    }

    private static String orQuote(String value) {
        boolean token = !value.isEmpty()
                && value.chars()
                        .allMatch(c -> (c < 0x7F && Character.isLetterOrDigit(c)) || TOKEN_CHARACTERS.indexOf(c) >= 0);
        return token ? value : quote(value);
    }

    private static String quote(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Provide
    Arbitrary<List<Challenge>> challenges() {
        Arbitrary<String> name = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("0123456789-_.")
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<Map<String, String>> parameters = Arbitraries.maps(
                        name, Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(20))
                .ofMaxSize(5);
        return Combinators.combine(name, parameters).as(Challenge::new).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> almost() {
        return Arbitraries.of("Bearer", "DPoP", " ", ",", "=", "\"", "\\", "scope", "a b", "==", "\t", "é")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }
}
