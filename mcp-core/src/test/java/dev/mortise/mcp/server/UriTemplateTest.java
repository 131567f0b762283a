package dev.mortise.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTemplateTest {
    /** The text values of RFC 6570, section 3.2. The names "undef" and "owner" have none. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("dom", "example.com"),
            Map.entry("dub", "me/too"),
            Map.entry("hello", "Hello World!"),
            Map.entry("half", "50%"),
            Map.entry("var", "value"),
            Map.entry("who", "fred"),
            Map.entry("base", "http://example.com/home/"),
            Map.entry("path", "/foo/bar"),
            Map.entry("v", "6"),
            Map.entry("x", "1024"),
            Map.entry("y", "768"),
            Map.entry("empty", ""));

    /** The examples of RFC 6570, sections 1.2 and 3.2, that are of level 1 to 3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{var}|value",
                "{hello}|Hello%20World%21",
                "{half}|50%25",
                "O{empty}X|OX",
                "O{undef}X|OX",
                "{x,y}|1024,768",
                "{x,hello,y}|1024,Hello%20World%21,768",
                "?{x,empty}|?1024,",
                "?{x,undef}|?1024",
                "?{undef,y}|?768",
                "map?{x,y}|map?1024,768",
                "{+var}|value",
                "{+hello}|Hello%20World!",
                "{+half}|50%25",
                "{base}index|http%3A%2F%2Fexample.com%2Fhome%2Findex",
                "{+base}index|http://example.com/home/index",
                "O{+empty}X|OX",
                "O{+undef}X|OX",
                "{+path}/here|/foo/bar/here",
                "here?ref={+path}|here?ref=/foo/bar",
                "up{+path}{var}/here|up/foo/barvalue/here",
                "{+x,hello,y}|1024,Hello%20World!,768",
                "{+path,x}/here|/foo/bar,1024/here",
                "X{#var}|X#value",
                "X{#hello}|X#Hello%20World!",
                "{#var}|#value",
                "{#hello}|#Hello%20World!",
                "{#half}|#50%25",
                "foo{#empty}|foo#",
                "foo{#undef}|foo",
                "{#x,hello,y}|#1024,Hello%20World!,768",
                "{#path,x}/here|#/foo/bar,1024/here",
                "{.who}|.fred",
                "{.who,who2}|.fred",
                "{.half,who}|.50%25.fred",
                "www{.dom}|www.example.com",
                "X{.var}|X.value",
                "X{.x,y}|X.1024.768",
                "X{.empty}|X.",
                "X{.undef}|X",
                "{/who}|/fred",
                "{/half,who}|/50%25/fred",
                "{/who,dub}|/fred/me%2Ftoo",
                "{/var}|/value",
                "{/var,empty}|/value/",
                "{/var,undef}|/value",
                "{/var,x}/here|/value/1024/here",
                "{;who}|;who=fred",
                "{;half}|;half=50%25",
                "{;empty}|;empty",
                "{;v,empty,who}|;v=6;empty;who=fred",
                "{;v,bar,who}|;v=6;who=fred",
                "{;x,y}|;x=1024;y=768",
                "{;x,y,empty}|;x=1024;y=768;empty",
                "{;x,y,undef}|;x=1024;y=768",
                "{?who}|?who=fred",
                "{?half}|?half=50%25",
                "{?x,y}|?x=1024&y=768",
                "{?x,y,empty}|?x=1024&y=768&empty=",
                "{?x,y,undef}|?x=1024&y=768",
                "{&who}|&who=fred",
                "{&half}|&half=50%25",
                "?fixed=yes{&x}|?fixed=yes&x=1024",
                "{&x,y,empty}|&x=1024&y=768&empty=",
                "{&x,y,undef}|&x=1024&y=768",
            })
    void expandsAsTheRfcShows(String template, String uri) {
        assertThat(UriTemplate.parse(template).expand(VALUES)).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "db://tables/{table}/rows/{id}|db://tables/users/rows/7|{table=users, id=7}",
                "file:///{+path}|file:///a/b%20c.txt|{path=a/b c.txt}",
                "{name}|%E4%B8%96%E7%95%8C|{name=世界}",
                "{name}|a%2Fb|{name=a/b}",
                "{a}.{b}|x.y.z|{a=x, b=y.z}",
                "{a}-x|1-x-x|{a=1-x}",
                "{+a}-{b}|x-y/z-w|{a=x-y/z, b=w}",
                "{a}{b}|xyz|{a=x, b=yz}",
                "{a}/{a}|x/x|{a=x}",
                "{a,b}|1,2|{a=1, b=2}",
                "www{.a,b}|www.x.y|{a=x, b=y}",
                "{/a,b}|/x/y|{a=x, b=y}",
                "x{#f}|x#a/b|{f=a/b}",
                "s{?q,n}|s?q=a&n=1|{q=a, n=1}",
                "s{?q,n}|s?n=1&q=a|{n=1, q=a}",
                "s{?q,n}|s?n=1|{n=1}",
                "s{?q,n}|s|{}",
                "s{?q,n}|s?q=|{q=}",
                "s{?q,n}|s?q&n=1|{q=, n=1}",
                "s?fixed=yes{&q}|s?fixed=yes&q=1|{q=1}",
                "s{?a}{&b}|s?a=1&b=2|{a=1, b=2}",
                "s{;a,b}/t|s;b=2;a/t|{b=2, a=}",
                "a{?q}{#f}|a?q=1#g|{q=1, f=g}",
                "caf\u00e9/{x}|caf%C3%A9/1|{x=1}",
                "plain|plain|{}",
            })
    void matches(String template, String uri, String values) {
        assertThat(UriTemplate.parse(template).match(uri)).get().hasToString(values);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name}|a/b",
                "{name}|a,b",
                "{name}|a?b",
                "{name}|a b",
                "{name}|世",
                "x{name}|x",
                "x{+name}|x",
                "x{#f}|x",
                "x{#f}|x#",
                "{a,b}|1",
                "{/a,b}|/x",
                "{a}/{a}|x/y",
                "s{?q}|s?",
                "s{?q}|s?q=1&q=2",
                "s{?q}|s?q=1&z=2",
                "s{?q}|s?z=2",
                "s{?q}|s?q=a/b",
                "s{?q}|s&q=1",
                "plain|plain/",
                "plain|Plain",
                "{name}|%",
                "{name}|%2",
                "{name}|%GG",
                "{name}|%FF",
                "{name}|%C0%AF",
                "{name}|%ED%A0%80",
                "{name}|%F4%90%80%80",
                "{name}|%E4%B8",
                "{a}/{b}|%E4/%B8%96",
            })
    void doesNotMatch(String template, String uri) {
        assertThat(UriTemplate.parse(template).match(uri)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{var:3}|level 4",
                "{list*}|level 4",
                "{?list*}|level 4",
                "{=x}|reserved for the future",
                "{!x}|reserved for the future",
                "{@x}|reserved for the future",
                "{|not closed",
                "{}|proper name",
                "{x,}|proper name",
                "{x y}|proper name",
                "{x|not closed",
                "a{{x}}|proper name",
                "x}|percent-encoded",
                "a b|percent-encoded",
                "100%|percent-encoded",
                "{x,x}|twice",
            })
    void refusesWhatIsNoTemplateOfTheseLevels(String template, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse(template))
                .withMessageContaining(reason);
    }

    @Test
    void refusesATemplateThatIsTooLong() {
        assertThatIllegalArgumentException().isThrownBy(() -> UriTemplate.parse("a".repeat(4097)));
    }

    @Test
    void namesItsVariablesOnceInOrder() {
        assertThat(UriTemplate.parse("{b}/{a}{?c.d,b}").variables()).containsExactly("b", "a", "c.d");
        assertThat(UriTemplate.parse("{b}")).isEqualTo(UriTemplate.parse("{b}")).hasToString("{b}");
    }

    /** Of templates in which reserved characters separate the variables, matching is the inverse of expanding. */
    @Property
    void whatIsExpandedIsFoundAgain(@ForAll("separated") String template, @ForAll("texts") List<String> texts) {
        UriTemplate parsed = UriTemplate.parse(template);
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : parsed.variables()) {
            values.put(name, texts.get(values.size()));
        }
        assertThat(parsed.match(parsed.expand(values))).contains(values);
    }

    @Provide
    Arbitrary<String> separated() {
        return Arbitraries.of(
                "{a}",
                "db://{a}/{b}",
                "{a,b,c}",
                "x{/a,b}{?c,d}{#e}",
                "s{;a,b}/t{?c}{&d}",
                "s?fixed=1{&a,b}",
                "{a}:{b}@{c}",
                "x{#a}");
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(text -> text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE))
                .map(text -> text.replace('%', 'p'))
                .list()
                .ofSize(5);
    }

    @Property
    void aMatchExpandsToWhatWasMatched(@ForAll("separated") String template, @ForAll("uris") String uri) {
        UriTemplate parsed = UriTemplate.parse(template);
        parsed.match(uri)
                .ifPresent(values ->
                        assertThat(parsed.match(parsed.expand(values))).contains(values));
    }

    @Provide
    Arbitrary<String> uris() {
        return Arbitraries.strings()
                .withChars("abcdest01:/?#@&=;,.%x")
                .ofMaxLength(20)
                .map(text -> text.replace("%", "%41"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a}",
                "{+a}",
                "{a}{b}{c}{d}{e}",
                "{+a}{+b}{+c}x{+d}y",
                "{+a}a{+b}a{+c}a{+d}b",
                "{a}.{b}.{c}.{d}",
                "{.a,b,c,d,e,f}",
                "{?a,b,c}",
                "{&a}{&b}{&c}",
                "{+a,b,c,d}{?a}",
            })
    void longHostileUrisAreAnsweredSoon(String template) {
        UriTemplate parsed = UriTemplate.parse(template);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String unit : List.of("a", ".", "%41", "%", "&a=", "?", "a,", "/", "\ud800")) {
                for (int length : new int[] {100_000, 65_000}) {
                    parsed.match(unit.repeat(length / unit.length()));
                    parsed.match("?" + unit.repeat(length / unit.length()) + "!");
                }
            }
        });
    }

    @Test
    void anEndlessUriMatchesNothing() {
        assertThat(UriTemplate.parse("{a}").match("a".repeat(65_536))).isPresent();
        assertThat(UriTemplate.parse("{a}").match("a".repeat(65_537))).isEmpty();
    }

    @Test
    void refusesToExpandWhatUtf8CannotCarry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTemplate.parse("{a}").expand(Map.of("a", "\ud800")));
    }
}
