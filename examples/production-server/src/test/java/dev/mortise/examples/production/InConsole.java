package dev.mortise.examples.production;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.mortise.mcp.McpClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server, a browser and an administrator in front of it: what tests of the console begin with. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InConsole {
    static final Map<String, String> SETTINGS = Map.of("REQUESTS_PER_MINUTE", "100000", "CALLS_PER_MINUTE", "10000");

    Service service;
    Chromium chromium;
    String annKey;
    McpClient admin;
    McpClient ann;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        chromium = Chromium.start();
        service = Service.start(home, SETTINGS);
        annKey = service.key(
                SETTINGS, "--subject", "ann", "--tenant", "acme", "--reach", "critical", "--label", "Ann's laptop");
        admin = service.client(service.adminKey());
        ann = service.client(annKey);
    }

    @AfterAll
    void stop() {
        if (ann != null) {
            ann.close();
            admin.close();
        }
        if (service != null) {
            service.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    final URI console() {
        return service.url().resolve("/console");
    }

    final Chromium.Visit signedIn() {
        Chromium.Visit visit = chromium.visit();
        signIn(visit.page());
        return visit;
    }

    final void signIn(Page page) {
        page.navigate(console().toString());
        page.getByLabel("Administrator key").fill(service.adminKey());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        assertThat(heading(page)).hasText("Overview");
    }

    static Locator heading(Page page) {
        return page.locator("main h1");
    }

    static void open(Page page, String panel) {
        page.locator("#to-" + panel).click();
        assertThat(page.locator("#panel-" + panel)).isVisible();
    }

    static Locator press(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static void tool(Page page, String name) {
        page.locator("[data-tool=" + name + "]").click();
        assertThat(page.locator("#tool")).containsText(name, new LocatorAssertions.ContainsTextOptions());
    }
}
