package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "readme.md",
                "README.MD",
                "guide/setup.md",
                "a b/100% [draft]?#.txt",
                "笔记/会议 纪要.md",
                "a..b.md",
                "a:b@c!$&'()*+,;=.md",
                "%2e%2e.md"
            })
    void aNameAndItsUriLeadToEachOther(String value) {
        DocumentName name = new DocumentName(value);
        assertThat(name.uri()).startsWith("docs:///").matches("[A-Za-z0-9._~%:/-]+");
        assertThat(DocumentName.ofUri(name.uri())).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".md",
                "/etc/passwd.md",
                "../secret.md",
                "a/../../secret.md",
                "a/./b.md",
                "a//b.md",
                "a/",
                ".hidden.md",
                ".git/notes.md",
                "a\\..\\..\\b.md",
                "C:\\b.md",
                "nul\0.md",
                "line\nbreak.md",
                "binary.exe",
                "md",
                "readme"
            })
    void whatCouldLeadElsewhereIsNoName(String value) {
        assertThat(DocumentName.of(value)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs:///../secret.md",
                "docs:///..%2Fsecret.md",
                "docs:///%2e%2e%2fsecret.md",
                "docs:///a/..%2F..%2F..%2Fsecret.md",
                "docs:///%2Fetc%2Fpasswd.md",
                "docs:////etc/passwd.md",
                "docs:///a%00.md",
                "docs:///a%5C..%5Cb.md",
                "docs:///.git%2Fnotes.md",
                "docs:///a%FF.md",
                "docs:///a%zz.md",
                "docs://host/readme.md",
                "file:///etc/passwd.md",
                "docs:///"
            })
    void aUriCannotSmuggleWhatANameMayNotHave(String uri) {
        assertThat(DocumentName.ofUri(uri)).isEmpty();
    }

    @Test
    void aNameHasAnEnd() {
        assertThat(DocumentName.of("a".repeat(1021) + ".md")).isPresent();
        assertThat(DocumentName.of("a".repeat(1022) + ".md")).isEmpty();
    }

    @Test
    void theTypeIsThatOfTheExtension() {
        assertThat(new DocumentName("a.MD").mimeType()).isEqualTo("text/markdown");
        assertThat(new DocumentName("a.md.txt").mimeType()).isEqualTo("text/plain");
    }
}
