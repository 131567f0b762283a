package dev.mortise.benchmarks;

import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server JVM: serves one contender on a loopback port, which it prints, until its standard input ends. */
final class ServerMain {
    /** Thousands of listeners connect in a moment. */
    private static final int ACCEPT_QUEUE = 1024;

    /** A contender waits for the others to take their turns. */
    private static final long IDLE_MILLIS = 300_000;

    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        Contender contender = Contender.valueOf(args[0]);
        serve(context -> {
            IntSupplier streams = contender.mount(context);
            context.addServlet("gauges", new GaugesServlet(streams)).addMapping(GaugesServlet.PATH);
        });
    }

    /** @param application mounts what is served */
    static void serve(Consumer<ServletContext> application) throws Exception {
        serve(new HttpConfiguration(), application);
    }

    static void serve(HttpConfiguration http, Consumer<ServletContext> application) throws Exception {
        ServerConnector connector = start(http, application);
        System.out.println(connector.getLocalPort());
        System.in.transferTo(System.err);
        connector.getServer().stop();
    }

    private static ServerConnector start(HttpConfiguration http, Consumer<ServletContext> application)
            throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server jetty = new Server(threads);
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE_MILLIS);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServletContainerInitializer((classes, servletContext) -> application.accept(servletContext));
        jetty.setHandler(context);
        jetty.start();
        return connector;
    }
}
