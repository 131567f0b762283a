package dev.mortise.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;

final class TomcatContainer implements Container {
    private final Tomcat tomcat = new Tomcat();
    private final Path directory;
    private final Connector connector = new Connector();

    TomcatContainer(Consumer<ServletContext> mounting, boolean virtual) throws Exception {
        directory = Files.createTempDirectory("mortise-tomcat");
        tomcat.setBaseDir(directory.toString());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("useVirtualThreads", Boolean.toString(virtual));
        // Tomcat does not let an interrupt end a read: this is what bounds one that gets nothing at all.
        connector.setProperty("connectionTimeout", "2000");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", directory.toString());
        context.addServletContainerInitializer((classes, servletContext) -> mounting.accept(servletContext), Set.of());
        // Of what Tomcat refuses by itself it would show its stack trace.
        ErrorReportValve plain = new ErrorReportValve();
        plain.setShowReport(false);
        plain.setShowServerInfo(false);
        tomcat.getHost().getPipeline().addValve(plain);
        try {
            tomcat.start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        // The first Tomcat's folder stays the home of all: the next one would make it again.
        System.clearProperty("catalina.home");
        deleteDirectory();
    }

    private void deleteDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
