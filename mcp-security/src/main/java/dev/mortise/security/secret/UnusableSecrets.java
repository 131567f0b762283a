package dev.mortise.security.secret;

import java.util.List;

/** Secrets that a server needs are missing or weak, so that it does not start. It names them, and holds no value. */
public final class UnusableSecrets extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    public UnusableSecrets(List<String> problems) {
        super("The server does not start: the secret " + String.join("; the secret ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** Each a name and what is wrong with it. */
    public List<String> problems() {
        return List.of(problems);
    }
}
