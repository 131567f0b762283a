import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code check}) or applies ({@code apply}) the one source format to every Java file of the project. */
class Format {
    public static void main(String[] args) throws Exception {
        boolean apply = args.length > 0 && args[0].equals("apply");
        List<Path> wrong = new ArrayList<>();
        for (Path file : sources()) {
            String before = Files.readString(file);
            String after = formatted(before);
            if (!after.equals(before)) {
                wrong.add(file);
                if (apply) {
                    Files.writeString(file, after);
                }
            }
        }
        if (!apply && !wrong.isEmpty()) {
            System.err.println("Not formatted (run: mvn -N validate -Dformat=apply):");
            wrong.forEach(file -> System.err.println("  " + file));
            System.exit(1);
        }
    }

    private static List<Path> sources() throws IOException {
        try (var all = Files.walk(Path.of(""))) {
            return all.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("target/"))
                    .filter(path -> !path.toString().contains("node_modules/"))
                    .sorted()
                    .toList();
        }
    }

    private static String formatted(String source) throws Exception {
        JavaFormatterOptions options = JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build();
        String imports = ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.PALANTIR);
        return Formatter.createFormatter(options).formatSource(imports);
    }
}
