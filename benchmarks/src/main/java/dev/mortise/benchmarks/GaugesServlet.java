package dev.mortise.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.IntSupplier;
import tools.jackson.databind.json.JsonMapper;

/** Gives the {@link Gauges}; those that take time only to {@code ?all}. */
final class GaugesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    static final String PATH = "/gauges";

    private final transient IntSupplier streams;

    GaugesServlet(IntSupplier streams) {
        this.streams = streams;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Gauges gauges = "all".equals(request.getQueryString())
                ? Gauges.afterCollection(streams.getAsInt())
                : Gauges.now(streams.getAsInt());
        response.setContentType("application/json");
        response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(gauges));
    }
}
