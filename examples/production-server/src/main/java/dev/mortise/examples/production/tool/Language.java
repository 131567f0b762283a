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

    /** The one of two texts that is in it. */
    public String of(String english, String chinese) {
        return switch (this) {
            case ENGLISH -> english;
            case CHINESE -> chinese;
        };
    }
}
