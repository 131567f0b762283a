package dev.mortise.billing.books;

class PgBouncerBooksTest extends BooksContract {
    @Override
    SqlHome open() {
        return SqlHome.pgBouncer();
    }
}
