package dev.mortise.mcp.internal.client.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The few variables that a server inherits: what a program needs to run, and nothing that might be a secret. */
final class ChildEnvironment {
    private static final List<String> POSIX = List.of("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER");

    private static final List<String> WINDOWS = List.of(
            "APPDATA",
            "HOMEDRIVE",
            "HOMEPATH",
            "LOCALAPPDATA",
            "PATH",
            "PATHEXT",
            "PROCESSOR_ARCHITECTURE",
            "PROGRAMFILES",
            "SYSTEMDRIVE",
            "SYSTEMROOT",
            "TEMP",
            "USERNAME",
            "USERPROFILE");

    private ChildEnvironment() {}

    /**
     * @param own the environment of this process
     * @param os the name of the operating system
     * @param given variables of the user's choice, which win
     */
    static Map<String, String> of(Map<String, String> own, String os, Map<String, String> given) {
        List<String> inherited = os.toLowerCase(Locale.ROOT).startsWith("windows") ? WINDOWS : POSIX;
        Map<String, String> environment = new LinkedHashMap<>();
        own.forEach((name, value) -> {
            // A value that begins like this is a function that a shell exported.
            if (inherited.contains(name.toUpperCase(Locale.ROOT)) && !value.startsWith("()")) {
                environment.put(name, value);
            }
        });
        environment.putAll(given);
        return environment;
    }
}
