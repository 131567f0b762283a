package dev.mortise.examples.production.text;

/** How a text is written. */
enum Format {
    MARKDOWN,
    HTML,
    TEXT
}
