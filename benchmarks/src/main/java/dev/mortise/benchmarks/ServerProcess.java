package dev.mortise.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A server in a JVM of its own. It ends with this one, because its standard input does. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param flags for the JVM */
    static ServerProcess start(Contender contender, String... flags) throws IOException {
        return start(ServerMain.class, List.of(flags), contender.name());
    }

    /** @param main prints its port, and ends when its standard input does */
    static ServerProcess start(Class<?> main, List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String port = out.readLine();
        if (port == null) {
            throw new IOException("The server did not start: " + String.join(" ", command));
        }
        return new ServerProcess(process, Integer.parseInt(port));
    }

    /** Surefire hides the real one behind a jar of its own. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    int port() {
        return port;
    }

    Gauges gauges() throws IOException, InterruptedException {
        return gauges("");
    }

    /** With those that take time. */
    Gauges allGauges() throws IOException, InterruptedException {
        return gauges("?all");
    }

    private Gauges gauges(String query) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + GaugesServlet.PATH + query);
        HttpResponse<byte[]> response =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        return JsonMapper.shared().readValue(response.body(), Gauges.class);
    }

    @Override
    public void close() throws IOException {
        client.close();
        process.getOutputStream().close();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
