package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.Browser;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Opens links with the program that each operating system has for it, never through a shell. */
public record DesktopBrowser(String system) implements Browser {
    public DesktopBrowser() {
        this(System.getProperty("os.name", ""));
    }

    @Override
    public void open(URI page) throws IOException {
        List<String> command = command(page);
        try {
            new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
        } catch (IOException e) {
            // Without the cause: its message would repeat the URL.
            throw new IOException("No browser could be opened: " + command.get(0)
                    + " does not start. Where there is no desktop, give a Browser that shows the URL to the user");
        }
    }

    /** What to run. The URL is one argument, and begins with its scheme, so that it cannot be taken for an option. */
    List<String> command(URI page) throws IOException {
        String scheme = page.getScheme() == null ? "" : page.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IOException("Only pages of the web are opened in a browser");
        }
        String name = system.toLowerCase(Locale.ROOT);
        String url = page.toASCIIString();
        if (name.contains("win") && !name.contains("darwin")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", url);
        }
        return name.contains("mac") || name.contains("darwin") ? List.of("open", url) : List.of("xdg-open", url);
    }
}
