package dev.mortise.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderWatchTest {
    private static final ServerEvent LIST = new ServerEvent.ResourcesChanged();

    @TempDir
    Path root;

    private final BlockingQueue<ServerEvent> told = new LinkedBlockingQueue<>();
    private FolderWatch watch;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(root.resolve("a.md"), "one");
        Files.writeString(Files.createDirectory(root.resolve("sub")).resolve("b.md"), "one");
        ServerEvents events = ServerEvents.local();
        events.subscribe(told::add);
        watch = FolderWatch.start(DocumentFolder.open(root), events);
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    /** Events come in the order of looks at the folder, so what comes first is all that the change before it did. */
    private void assertTold(ServerEvent... expected) throws InterruptedException {
        for (ServerEvent event : expected) {
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(event);
        }
    }

    private static ServerEvent updated(String uri) {
        return new ServerEvent.ResourceUpdated(uri);
    }

    @Test
    void aNewDocumentChangesTheList() throws Exception {
        Files.writeString(root.resolve("new.md"), "x");
        assertTold(LIST);
        Files.writeString(root.resolve("new.md"), "longer");
        assertTold(updated("docs:///new.md"));
    }

    @Test
    void aChangedDocumentIsUpdatedAlsoInAFolder() throws Exception {
        Files.writeString(root.resolve("sub/b.md"), "longer");
        assertTold(updated("docs:///sub/b.md"));
    }

    @Test
    void aReplacedDocumentIsUpdatedAlsoIfItLooksTheSame() throws Exception {
        Path other = Files.writeString(root.resolve("a.part"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(root.resolve("a.md")));
        Files.move(other, root.resolve("a.md"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTold(updated("docs:///a.md"));
    }

    @Test
    void aDeletedDocumentChangesTheListAndIsUpdated() throws Exception {
        Files.delete(root.resolve("a.md"));
        assertTold(LIST, updated("docs:///a.md"));
    }

    @Test
    void aNewFolderIsWatchedToo() throws Exception {
        Path deep = Files.createDirectories(root.resolve("x/y/z"));
        Files.writeString(deep.resolve("c.md"), "one");
        assertTold(LIST);
        Files.writeString(deep.resolve("c.md"), "longer");
        assertTold(updated("docs:///x/y/z/c.md"));
    }

    @Test
    void aFolderThatGoesAndComesBackIsWatchedAgain() throws Exception {
        Files.delete(root.resolve("sub/b.md"));
        Files.delete(root.resolve("sub"));
        assertTold(LIST, updated("docs:///sub/b.md"));
        Files.writeString(Files.createDirectory(root.resolve("sub")).resolve("b.md"), "one");
        assertTold(LIST);
        Files.writeString(root.resolve("sub/b.md"), "longer");
        assertTold(updated("docs:///sub/b.md"));
    }

    @Test
    void whatIsNoDocumentIsNotTold() throws Exception {
        Files.writeString(root.resolve(".hidden.md"), "x");
        Files.writeString(root.resolve("image.png"), "x");
        Files.writeString(root.resolve("a.md"), "longer");
        assertTold(updated("docs:///a.md"));
    }

    @Test
    void moreChangesThanReportsAreKeptForAreAllSeen() throws Exception {
        for (int i = 0; i < 2000; i++) {
            Files.writeString(root.resolve(i + ".md"), "x");
        }
        Files.writeString(root.resolve("a.md"), "longer");
        // Of the new files some are told of twice: a look may come between the making of one and its content.
        ServerEvent expected = updated("docs:///a.md");
        ServerEvent event;
        do {
            event = told.poll(20, TimeUnit.SECONDS);
        } while (event != null && !event.equals(expected));
        assertThat(event).isEqualTo(expected);
    }
}
