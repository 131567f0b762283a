package dev.mortise.examples.production;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.mortise.mcp.McpClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users of tenants at the page of their account, in a real browser, and from there to one who collects the money. */
@Timeout(180)
class AccountPageTest {
    private static final Map<String, String> SETTINGS = new HashMap<>();

    @TempDir
    static Path home;

    private static StandInForStripe stripe;
    private static Service service;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        chromium = Chromium.start();
        stripe = new StandInForStripe();
        SETTINGS.put("STRIPE_SECRET_KEY", StandInForStripe.KEY);
        SETTINGS.put("STRIPE_WEBHOOK_SECRET", StandInForStripe.SECRET);
        SETTINGS.put("STRIPE_PRICES", "starter=price_starter,professional=price_professional");
        SETTINGS.put("STRIPE_URL", stripe.url().toString());
        service = Service.start(home, SETTINGS);
        stripe.tell(service.url().resolve("/webhooks/stripe"));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        if (stripe != null) {
            stripe.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    private static URI account() {
        return service.url().resolve("/account");
    }

    private static void signIn(Page page, String key) {
        page.getByLabel("Your API key").fill(key);
        press(page, "Sign in");
    }

    private static void press(Page page, String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name))
                .click();
    }

    @Test
    void fromTheLinkOfATaskThroughThePaymentToThePlan() throws Exception {
        String key = service.key(SETTINGS, "--subject", "ann", "--tenant", "acme", "--scope", "account:pay");
        try (McpClient ann = service.client(key);
                Chromium.Visit visit = chromium.visit()) {
            call(ann, "calculate", Map.of("expression", "6*7"));
            Page page = visit.page();
            page.navigate(call(ann, "upgrade_link", Map.of()).path("url").stringValue());
            page.getByText("Your account: what is left").click();
            assertThat(page).hasURL(account().toString());
            signIn(page, key);
            assertThat(page.locator("main")).containsText("ann of acme");
            assertThat(page.locator("main")).containsText("free@1");
            assertThat(page.locator("tr")
                            .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("api_calls")))
                    .containsText("1");
            Cookie cookie = visit.context().cookies().getFirst();
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
            assertThat(cookie.path).isEqualTo("/account");
            assertThat(cookie.value + page.url() + page.content()).doesNotContain(key);
            Look.WIDE_LIGHT.picture(page, "account");

            press(page, "Choose STARTER at Stripe");
            assertThat(page.getByRole(AriaRole.HEADING)).hasText("Checkout");
            assertThat(page.url()).startsWith(stripe.url() + "/c/cs_");
            press(page, "Pay");
            assertThat(page).hasURL(Pattern.compile(".*/account\\?back=1"));
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("Thank you");
            Service.within(
                    Duration.ofSeconds(20),
                    () -> call(ann, "my_plan", Map.of())
                            .path("plan")
                            .stringValue()
                            .equals("starter@1"));
            page.reload();
            assertThat(page.locator("main")).containsText("starter@1");
            assertThat(call(ann, "my_plan", Map.of()).path("standing").stringValue())
                    .isEqualTo("ACTIVE");
            press(page, "Sign out");
            assertThat(page.getByRole(AriaRole.STATUS)).hasText("You are signed out.");
            assertThat(visit.context().cookies()).isEmpty();
        }
        assertThat(stripe.complaints()).isEmpty();
    }

    @Test
    void inChineseAndForWhoMayLookAndNotPay() throws Exception {
        String key = service.key(SETTINGS, "--subject", "bob", "--tenant", "globex");
        try (Chromium.Visit visit = chromium.visit(Look.NARROW_DARK.options().setLocale("zh-CN"))) {
            Page page = visit.page();
            page.navigate(account().toString());
            assertThat(page.locator("h1")).hasText("您的账户");
            page.getByLabel("您的 API 密钥").fill("mk_dev_wrong");
            press(page, "登录");
            assertThat(page.getByRole(AriaRole.STATUS)).hasText("此密钥在这里无效。");
            page.getByLabel("您的 API 密钥").fill(key);
            press(page, "登录");
            assertThat(page.locator("main")).containsText("globex 的 bob");
            assertThat(page.locator("main")).containsText("account:pay");
            assertThat(page.getByText("在 Stripe 选择")).hasCount(0);
            Look.NARROW_DARK.picture(page, "account-zh");
            page.getByText("English").click();
            assertThat(page.locator("h1")).hasText("Your account");
            assertThat(page.locator("main")).containsText("bob of globex");
        }
        assertThat(stripe.complaints()).isEmpty();
    }

    @Test
    void nothingStandsInAnybodysWay() throws Exception {
        String key = service.key(SETTINGS, "--subject", "<b>eve</b>", "--tenant", "i&i", "--scope", "account:pay");
        // Scripts of the test itself, which the policy of the page forbids.
        try (Chromium.Visit visit = chromium.visit(
                new Browser.NewContextOptions().setLocale("en-GB").setBypassCSP(true))) {
            Page page = visit.page();
            page.navigate(account().toString());
            isWithoutBarriers(page);
            signIn(page, key);
            assertThat(page.locator("main")).containsText("<b>eve</b> of i&i");
            isWithoutBarriers(page);
        }
    }

    private static void isWithoutBarriers(Page page) throws Exception {
        page.evaluate(Chromium.axe());
        assertThat((List<?>) page.evaluate(
                        "axe.run().then(found => found.violations.map(each => each.id + ' ' + each.nodes[0].html))"))
                .isEmpty();
    }
}
