package dev.mortise.rag.embed;

/** How one vector is made of those of a text's tokens. A model is trained for one of them. */
public enum Pooling {
    /** The mean of all tokens: sentence-transformers, E5, GTE. */
    MEAN,
    /** The first token's: BGE. */
    FIRST_TOKEN
}
