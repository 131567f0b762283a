package dev.mortise.examples.production.tool;

import java.util.Locale;

/** In which of two languages this server speaks to models and their users. */
public enum Language {
    ENGLISH,
    CHINESE;

    /** @param code as MORTISE_LANGUAGE has it: en or zh */
    public static Language named(String code) {
        return code.toLowerCase(Locale.ROOT).startsWith("zh") ? CHINESE : ENGLISH;
    }

    /** The one of two that is in it. */
    public <T> T of(T english, T chinese) {
        return switch (this) {
            case ENGLISH -> english;
            case CHINESE -> chinese;
        };
    }
}
