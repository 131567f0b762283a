package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Chromium of this machine, without a window. Where there is none the tests that want it say so and are not run;
 * {@code MORTISE_REQUIRE_CHROMIUM=1} makes that a failure. Used by the thread that started it.
 */
final class Chromium implements AutoCloseable {
    private static final Path HOME = Path.of("target", "browser").toAbsolutePath();
    private static final double PATIENCE_MILLIS = 20_000;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium start() throws Exception {
        Path chromium = found("chromium", "chromium-browser", "google-chrome");
        found("npm");
        install();
        System.setProperty("playwright.cli.dir", HOME.resolve("driver").toString());
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    private static Path found(String... names) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(entry -> Stream.of(names).map(name -> Path.of(entry, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && "1".equals(System.getenv("MORTISE_REQUIRE_CHROMIUM"))) {
            fail(names[0] + " is not installed");
        }
        return found.orElseGet(() -> abort(names[0] + " is not installed: the tests in a browser were not run"));
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        Path log = HOME.resolve("install.log");
        Process install = new ProcessBuilder("bash", "src/test/browser/install", HOME.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(install.waitFor(180, TimeUnit.SECONDS)).isTrue();
        } finally {
            install.destroyForcibly();
        }
        assertThat(install.exitValue()).as(Files.readString(log)).isZero();
    }

    /** A script that looks for barriers to people with disabilities. */
    static String axe() throws IOException {
        return Files.readString(HOME.resolve("node_modules/axe-core/axe.min.js"), StandardCharsets.UTF_8);
    }

    Visit visit(Browser.NewContextOptions options) {
        return new Visit(browser.newContext(options));
    }

    Visit visit() {
        return visit(new Browser.NewContextOptions().setLocale("en-GB").setViewportSize(1280, 900));
    }

    /** One person at one browser, which complains about nothing by the end. */
    static final class Visit implements AutoCloseable {
        private final BrowserContext context;
        private final List<String> complaints = new ArrayList<>();
        private final Page page;

        private Visit(BrowserContext context) {
            this.context = context;
            context.setDefaultTimeout(PATIENCE_MILLIS);
            context.addInitScript("window.violations = []; document.addEventListener('securitypolicyviolation',"
                    + " event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));");
            page = context.newPage();
            page.onPageError(complaints::add);
            page.onConsoleMessage(message -> {
                // Of answers that are no success; what the page makes of them is what is tested.
                if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                    complaints.add(message.text());
                }
            });
        }

        Page page() {
            return page;
        }

        BrowserContext context() {
            return context;
        }

        @Override
        public void close() {
            Object violations = page.evaluate("window.violations");
            context.close();
            assertThat(complaints).isEmpty();
            assertThat((List<?>) violations)
                    .as("what the page's policy stopped")
                    .isEmpty();
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
