package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.subscription.Subscription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that makes invoices final is killed, thrice, and the numbers still have no gap and no invoice is paid twice. */
class KilledWhileIssuingTest {
    private static final int TENANTS = 60;

    @TempDir
    Path directory;

    /** Makes everything final that there is, and says so. */
    public static final class Issuer {
        private Issuer() {}

        /** Stops for good after so many, so that the last kill finds something left to do, however late it comes. */
        public static void main(String[] arguments) throws IOException {
            int most = Integer.parseInt(arguments[1]);
            try (Books books = open(Path.of(arguments[0]))) {
                for (Tenant tenant : books.tenants().list(null, TENANTS)) {
                    for (Subscription subscription : books.subscriptions().ofTenant(tenant.id())) {
                        for (Invoice invoice : books.invoices().issueDue(subscription.id())) {
                            System.out.println("final " + invoice.number().orElseThrow());
                            if (--most == 0) {
                                System.in.read();
                            }
                        }
                    }
                }
            }
        }
    }

    private static Books open(Path file) {
        return Books.sql(SqlHome.sqliteFile(file)).clock(Clock.systemUTC()).migrate();
    }

    @Test
    @Timeout(180)
    void numbersHaveNoGapsAfterAKill() throws Exception {
        Path file = directory.resolve("books.db");
        try (Books books = open(file)) {
            books.plans().publish(Plans.STANDARD);
            for (int i = 0; i < TENANTS; i++) {
                String tenant = "t" + i;
                books.tenants().register(tenant, tenant, ZoneOffset.UTC);
                books.credits()
                        .grant(
                                tenant,
                                Money.of("5.00", java.util.Currency.getInstance("USD")),
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                "");
                books.subscriptions().begin(tenant, new PlanRef("starter", 1));
            }
        }
        for (int kill = 1; kill <= 3; kill++) {
            runAndKillAfter(file, kill * 4);
        }
        try (Books books = open(file)) {
            int before = finalOnes(books).size();
            assertThat(before).isBetween(12, TENANTS - 1);
            assertThat(books.invoices().issueDue()).hasSize(TENANTS - before);
            List<Invoice> all = finalOnes(books);
            assertThat(all).hasSize(TENANTS).allSatisfy(invoice -> {
                assertThat(invoice.due()).hasToString("24.00 USD");
                assertThat(invoice.credits()).hasSize(1);
            });
            assertThat(all.stream()
                            .map(invoice -> invoice.number().orElseThrow())
                            .sorted())
                    .isEqualTo(java.util.stream.IntStream.rangeClosed(1, TENANTS)
                            .mapToObj(number -> String.format(Locale.ROOT, "INV-%06d", number))
                            .toList());
            for (Tenant tenant : books.tenants().list(null, TENANTS)) {
                assertThat(books.credits().ofTenant(tenant.id()))
                        .allSatisfy(credit ->
                                assertThat(credit.remaining().isZero()).isTrue());
            }
        }
    }

    private static List<Invoice> finalOnes(Books books) {
        List<Invoice> all = new ArrayList<>();
        for (Tenant tenant : books.tenants().list(null, TENANTS)) {
            books.invoices().ofTenant(tenant.id(), null, 10).stream()
                    .filter(Invoice::isFinal)
                    .forEach(all::add);
        }
        return all;
    }

    /** Whatever it is doing then. */
    private static void runAndKillAfter(Path file, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Issuer.class.getName(),
                        file.toString(),
                        Integer.toString(lines + 6))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < lines; i++) {
                assertThat(out.readLine()).startsWith("final INV-");
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
