package dev.mortise.billing.books;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteBooksTest extends BooksContract {
    @TempDir
    Path directory;

    @Override
    SqlHome open() {
        return SqlHome.sqlite(directory);
    }
}
