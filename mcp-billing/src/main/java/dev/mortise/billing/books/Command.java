package dev.mortise.billing.books;

/**
 * Makes a change happen once: whoever is not sure whether it did sends it again, with the same id and the same content.
 *
 * @param id unique for all time, such as a caller and its {@code Idempotency-Key}; at most 200 characters
 * @param digest of all that the command says; another one under the same id is a {@link Conflict}
 */
public record Command(String id, String digest) {
    private static final int MAX = 200;

    public Command {
        Texts.require("The id of a command", id, MAX);
        Texts.require("The digest of a command", digest, MAX);
    }
}
