package dev.mortise.rag.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A proxy for one connection of one HTTP client, which leads to an address that was checked and nowhere else. The client
 * would otherwise ask for the address of the name once more, and might be told another one than was checked.
 */
final class Tunnel implements AutoCloseable {
    private static final int MAX_HEAD = 64 * 1024;

    private final Socket target;
    private final ServerSocket entrance;
    private volatile Socket guest = new Socket();

    private Tunnel(Socket target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** @param target is connected; closed with the tunnel */
    static Tunnel to(Socket target) throws IOException {
        try {
            Tunnel tunnel = new Tunnel(target);
            Thread.ofVirtual().name("tunnel").start(tunnel::serve);
            return tunnel;
        } catch (IOException e) {
            target.close();
            throw e;
        }
    }

    /** Where the client finds its proxy. */
    InetSocketAddress address() {
        return (InetSocketAddress) entrance.getLocalSocketAddress();
    }

    private void serve() {
        try (entrance;
                Socket client = entrance.accept()) {
            guest = client;
            byte[] head = head(client.getInputStream());
            if (new String(head, StandardCharsets.ISO_8859_1).startsWith("CONNECT ")) {
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            } else {
                // A request for http: with the whole URL in it, which every server understands (RFC 9112 3.2.2).
                target.getOutputStream().write(head);
            }
            Thread back = Thread.ofVirtual().name("tunnel-back").start(() -> pump(target, client));
            pump(client, target);
            back.join();
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The request line and the fields, which end with an empty line. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] end = {'\r', '\n', '\r', '\n'};
        byte[] last = new byte[end.length];
        while (head.size() < MAX_HEAD) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The client went away");
            }
            head.write(next);
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) next;
            if (Arrays.equals(last, end)) {
                return head.toByteArray();
            }
        }
        throw new IOException("The client's request has no end");
    }

    /** Ends when either side does: what is fetched has one request and one answer. */
    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : new AutoCloseable[] {target, guest, entrance}) {
            try {
                each.close();
            } catch (Exception e) {
                // It is closed as far as it can be.
            }
        }
    }
}
