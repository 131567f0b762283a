package dev.mortise.rag.store;

/** Rules for the names that end up in keys of an index, where NUL separates the parts and a term has 32,766 bytes. */
final class Names {
    private Names() {}

    static String checked(String what, String name, int longest) {
        if (name.length() > longest) {
            throw new IllegalArgumentException("The " + what + " is longer than " + longest + " characters");
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The " + what + " has a NUL in it");
        }
        return name;
    }
}
