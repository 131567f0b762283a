package dev.mortise.rag;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Another JVM, for what cannot be tried in this one. */
public final class JavaProgram {
    private static final long SECONDS = 60;

    private JavaProgram() {}

    /**
     * Runs a program to its end.
     *
     * @param classes which entries of this class path it has
     * @param environment what is different in its environment
     * @return what it printed, errors included
     */
    public static String run(
            Class<?> main, Predicate<String> classes, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(classes)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", path, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(main.getSimpleName() + " failed: " + output);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
