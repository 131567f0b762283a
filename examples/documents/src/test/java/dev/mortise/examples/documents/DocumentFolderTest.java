package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFolderTest {
    private static final String SECRET = "# Secret";

    @TempDir
    Path parent;

    private Path root;
    private DocumentFolder folder;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(parent.resolve("documents"));
        Files.writeString(parent.resolve("secret.md"), SECRET);
        folder = DocumentFolder.open(root);
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> names() {
        return folder.documents().stream()
                .map(document -> document.name().value())
                .toList();
    }

    /** No way to a document of this name: not by listing, looking, reading or deleting. */
    private void assertNotServed(String value) throws IOException {
        DocumentName name = new DocumentName(value);
        assertThat(folder.find(name)).isEmpty();
        assertThat(folder.text(name)).isEmpty();
        assertThat(folder.head(name)).isEmpty();
        assertThat(folder.delete(name)).isFalse();
        assertThat(names()).doesNotContain(value);
    }

    @Test
    void documentsAreThoseOfTheWholeTreeInTheOrderOfTheirUris() throws IOException {
        write("b.md", "b");
        write("a/z.txt", "z");
        write("笔记/会议 纪要.md", "会议");
        write("Z.md", "Z");
        write("image.png", "no document");

        assertThat(names()).containsExactly("笔记/会议 纪要.md", "Z.md", "a/z.txt", "b.md");
        assertThat(folder.text(new DocumentName("笔记/会议 纪要.md"))).contains("会议");
        assertThat(folder.find(new DocumentName("a/z.txt")).orElseThrow().size())
                .isEqualTo(1);
    }

    @Test
    void aNameMayHaveEveryCharacterThatAFileMay() throws IOException {
        for (String name : List.of("100% [draft]?#&=+.txt", "%2e%2e.md", "a:b;c,d!'()*@$.md", "e\u0301.md", "𠮷.md")) {
            write(name, name);
            assertThat(names()).contains(name);
            assertThat(folder.text(new DocumentName(name))).contains(name);
        }
    }

    @Test
    void aFolderWithTooManyDocumentsIsCutShort() throws IOException {
        for (int i = 0; i <= FolderScan.MAX_DOCUMENTS; i++) {
            Files.createFile(root.resolve(i + ".md"));
        }
        assertThat(folder.scan().documents()).hasSize(FolderScan.MAX_DOCUMENTS);
        assertThat(folder.scan().complete()).isFalse();
        Files.delete(root.resolve("0.md"));
        assertThat(folder.scan().complete()).isTrue();
    }

    @Test
    void hiddenFilesAndFoldersAreNotServed() throws IOException {
        write(".env.md", "KEY=1");
        write(".git/notes.md", "x");
        write("a/.b/c.md", "x");
        assertThat(names()).isEmpty();
    }

    @Test
    void aSymbolicLinkIsNoWayOut() throws IOException {
        Files.createSymbolicLink(root.resolve("link.md"), parent.resolve("secret.md"));
        Files.createSymbolicLink(root.resolve("up"), parent);
        Files.createSymbolicLink(root.resolve("relative.md"), Path.of("../secret.md"));

        assertNotServed("link.md");
        assertNotServed("up/secret.md");
        assertNotServed("relative.md");
        assertThat(parent.resolve("secret.md")).hasContent(SECRET);
    }

    @Test
    void aSymbolicLinkWithinTheFolderIsNotFollowedEither() throws IOException {
        write("a/real.md", "x");
        Files.createSymbolicLink(root.resolve("b"), root.resolve("a"));
        assertNotServed("b/real.md");
        assertThat(names()).containsExactly("a/real.md");
    }

    @Test
    void theFolderItselfMayBeNamedByALink() throws IOException {
        write("a.md", "x");
        Path link = Files.createSymbolicLink(parent.resolve("link"), root);
        assertThat(DocumentFolder.open(link).text(new DocumentName("a.md"))).contains("x");
    }

    @Test
    void whatIsNoTextIsNotRead() throws IOException {
        Files.write(root.resolve("latin.txt"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(root.resolve("zeros.txt"), new byte[100]);
        for (String name : List.of("latin.txt", "zeros.txt")) {
            assertThat(folder.text(new DocumentName(name))).isEmpty();
            assertThat(folder.head(new DocumentName(name))).isEmpty();
        }
    }

    @Test
    void aDirectoryNamedLikeADocumentIsNone() throws IOException {
        Files.createDirectory(root.resolve("folder.md"));
        assertNotServed("folder.md");
    }

    @Test
    void aFileThatIsTooLargeIsNotServed() throws IOException {
        Files.write(root.resolve("largest.md"), filled(DocumentFolder.MAX_BYTES));
        Files.write(root.resolve("larger.md"), filled(DocumentFolder.MAX_BYTES + 1));
        assertThat(names()).containsExactly("largest.md");
        assertThat(folder.text(new DocumentName("largest.md"))).isPresent();
        assertThat(folder.text(new DocumentName("larger.md"))).isEmpty();
    }

    private static byte[] filled(int size) {
        return "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aHeadMayEndInTheMiddleOfACharacter() throws IOException {
        write("long.md", "x" + "字".repeat(5000));
        assertThat(folder.head(new DocumentName("long.md")).orElseThrow())
                .startsWith("x字")
                .doesNotContain("\uFFFD");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        write("bom.md", "\uFEFF# Title");
        assertThat(folder.text(new DocumentName("bom.md"))).contains("# Title");
    }

    @Test
    void creatingNeverOverwrites() throws IOException {
        DocumentName name = new DocumentName("new.md");
        assertThat(folder.create(name, "first")).isTrue();
        assertThat(folder.create(name, "second")).isFalse();
        assertThat(folder.text(name)).contains("first");
    }

    @Test
    void creatingDoesNotFollowALink() throws IOException {
        Path target = parent.resolve("created.md");
        Files.createSymbolicLink(root.resolve("dangling.md"), target);
        assertThat(folder.create(new DocumentName("dangling.md"), "x")).isFalse();
        assertThat(target).doesNotExist();
    }

    @Test
    void deletingTellsWhetherThereWasSomething() throws IOException {
        write("a.md", "x");
        DocumentName name = new DocumentName("a.md");
        assertThat(folder.delete(name)).isTrue();
        assertThat(folder.delete(name)).isFalse();
    }

    @Test
    void aFolderThatIsNotThereOrIsAFileIsRefused() {
        assertThatThrownBy(() -> DocumentFolder.open(parent.resolve("none")))
                .hasMessage(parent.resolve("none") + ": there is no such folder");
        assertThatThrownBy(() -> DocumentFolder.open(parent.resolve("secret.md")))
                .hasMessage(parent.resolve("secret.md") + ": this is not a folder");
    }
}
