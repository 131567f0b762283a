package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The module finds its servlet API on a module path, from either container. */
class ModulePathTest {
    @Test
    void readsTheServletApiOfItsOwnModule() throws Exception {
        ModuleLayer layer = layer(List.of("tomcat"), "jakarta.servlet");

        assertThat(linked(layer)).isEqualTo("jakarta.servlet");
    }

    @Test
    void readsTheServletApiThatTomcatBrings() throws Exception {
        ModuleLayer.Controller controller =
                controller(List.of("jakarta.servlet-api", "jetty"), "org.apache.tomcat.embed.core");
        ModuleLayer layer = controller.layer();
        // On a command line: --add-reads dev.mortise.servlet=org.apache.tomcat.embed.core
        controller.addReads(
                layer.findModule("dev.mortise.servlet").orElseThrow(),
                layer.findModule("org.apache.tomcat.embed.core").orElseThrow());

        assertThat(linked(layer)).isEqualTo("org.apache.tomcat.embed.core");
    }

    private static String linked(ModuleLayer layer) throws ReflectiveOperationException {
        Class<?> servlet =
                Class.forName(layer.findModule("dev.mortise.servlet").orElseThrow(), McpServlet.class.getName());
        assertThat(servlet.getDeclaredMethods()).isNotEmpty();
        assertThat(servlet).isNotSameAs(McpServlet.class);
        return servlet.getSuperclass().getModule().getName();
    }

    private static ModuleLayer layer(List<String> without, String servletApi) {
        return controller(without, servletApi).layer();
    }

    private static ModuleLayer.Controller controller(List<String> without, String servletApi) {
        List<Path> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path file = Path.of(entry);
            String name = file.getFileName().toString();
            if (Files.exists(file)
                    && !name.equals("test-classes")
                    && without.stream().noneMatch(name::contains)) {
                path.add(file);
            }
        }
        ModuleLayer parent = ModuleLayer.boot();
        Configuration configuration = parent.configuration()
                .resolve(
                        ModuleFinder.of(path.toArray(Path[]::new)),
                        ModuleFinder.of(),
                        Set.of("dev.mortise.servlet", servletApi));
        return ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(parent), ClassLoader.getPlatformClassLoader());
    }
}
