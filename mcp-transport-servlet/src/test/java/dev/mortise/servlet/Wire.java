package dev.mortise.servlet;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A client that writes bytes, for what a well-behaved client would not send. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    /** A response whose body was read to its end. */
    record Response(int status, Map<String, String> headers, String body) {}

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean insideChunks;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A complete POST that the server has no reason to refuse; header lines given replace those of the same name. */
    static String post(String path, String body, String... headerLines) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", "localhost");
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, text/event-stream");
        headers.put("Content-Length", Integer.toString(body.length()));
        for (String line : headerLines) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        return request.append("\r\n").append(body).toString();
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Says that nothing more will be sent, and goes on reading. */
    Wire finishSending() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads a response, without those that only announce one. */
    Response receive() throws IOException {
        int status = receiveStatus();
        Map<String, String> headers = receiveHeaders();
        while (status == 100) {
            status = receiveStatus();
            headers = receiveHeaders();
        }
        if (status == 204 || status == 304) {
            return new Response(status, headers, "");
        }
        String length = headers.get("Content-Length");
        if (length != null) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
        }
        if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
            StringBuilder body = new StringBuilder();
            for (String chunk = receiveChunk(); !chunk.isEmpty(); chunk = receiveChunk()) {
                body.append(chunk);
            }
            return new Response(status, headers, body.toString());
        }
        return new Response(status, headers, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    int receiveStatus() throws IOException {
        String line = readLine();
        if (!line.startsWith("HTTP/1.1 ")) {
            throw new IOException("no status line: '" + line + "'");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    Map<String, String> receiveHeaders() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return headers;
    }

    /** The next chunk of a chunked body; empty at its end. Servers may send the line end of a chunk with the next. */
    String receiveChunk() throws IOException {
        if (insideChunks) {
            readLine();
        }
        int size = Integer.parseInt(readLine(), 16);
        insideChunks = size > 0;
        if (!insideChunks) {
            readLine();
        }
        return new String(in.readNBytes(size), StandardCharsets.UTF_8);
    }

    /** Whether the server closes the connection, rather than keeping it for another request. */
    boolean isClosedByServer() {
        try {
            while (in.read() >= 0) {
                // whatever is still under way
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Leaves with a reset, like a process that was killed with unread data. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
