package dev.mortise.examples.production.console;

import java.time.Instant;

/**
 * A browser that is signed in.
 *
 * @param id random; what is remembered of it when it was signed out
 * @param key the administrator's API key, with which everything is done that the browser asks for
 * @param began when the key was entered
 * @param seen when somebody last did something
 */
record Session(String id, String key, Instant began, Instant seen) {
    Session seenAt(Instant now) {
        return new Session(id, key, began, now);
    }

    @Override
    public String toString() {
        return "session " + id;
    }
}
