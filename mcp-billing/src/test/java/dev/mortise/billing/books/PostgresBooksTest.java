package dev.mortise.billing.books;

class PostgresBooksTest extends BooksContract {
    @Override
    SqlHome open() {
        return SqlHome.postgres();
    }
}
