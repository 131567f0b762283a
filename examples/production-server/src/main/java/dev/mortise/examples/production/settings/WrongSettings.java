package dev.mortise.examples.production.settings;

import java.util.List;

/** The server does not start: each problem begins with the name of its setting, and shows no secret. */
public final class WrongSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongSettings(List<String> problems) {
        super(String.join("\n", problems));
    }
}
