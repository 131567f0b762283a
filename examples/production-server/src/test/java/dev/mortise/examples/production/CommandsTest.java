package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mortise.examples.production.storage.DerivedKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say, above all when something is wrong. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsTest {
    @TempDir
    Path home;

    @Test
    void aWrongSettingIsNamedAndNothingStarts() throws Exception {
        Service.Ended ended = run(home, Map.of("PORT", "http", "MORTISE_SECRET", "hunter2"), "serve");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err())
                .contains("PORT is a port", "MORTISE_SECRET has 7")
                .doesNotContain("hunter2", "Exception");
        assertThat(home.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "keys --help"})
    void whoAsksForTheUsageGetsIt(String asked) throws Exception {
        // Also with settings that are wrong: who asks for help may not have set any yet.
        Service.Ended ended = run(home, Map.of("PORT", "http"), asked.split(" ", -1));
        assertThat(ended.out()).startsWith("usage: ").contains("keys create");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    @Test
    void aPriceOfNoPlanIsNamed() throws Exception {
        Map<String, String> settings = Map.of(
                "STRIPE_SECRET_KEY", "sk_test_1",
                "STRIPE_WEBHOOK_SECRET", "whsec_1",
                "STRIPE_PRICES", "starter=price_1,golden=price_2");
        Service.Ended ended = run(home, settings, "keys", "list");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err())
                .contains("STRIPE_PRICES names golden, which is no plan")
                .doesNotContain("Exception");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Service.Ended ended = run(home, Map.of("PORT", Integer.toString(taken.getLocalPort())), "serve");
            assertThat(ended.status()).isEqualTo(2);
            assertThat(ended.err())
                    .startsWith("PORT is " + taken.getLocalPort())
                    .doesNotContain("Exception");
        }
    }

    @Test
    void aDataFolderThatIsNoneAndADatabaseThatIsAwayAreNamed() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "x");
        assertThat(run(home, Map.of("MORTISE_DATA", file.toString()), "keys", "list")
                        .err())
                .startsWith("MORTISE_DATA is ");
        Map<String, String> away = Map.of(
                "DATABASE_URL", "postgresql://ann:pa55word@127.0.0.1:1/db",
                "MORTISE_SECRET", "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d");
        Service.Ended ended = run(home, away, "keys", "list");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("DATABASE_URL leads to no database").doesNotContain("pa55word");
    }

    @Test
    void theDoctorOpensEverythingAndShowsNoSecret() throws Exception {
        String secret = "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d";
        Service.Ended ended = run(home, Map.of("MORTISE_SECRET", secret, "MORTISE_DTA", "x"), "doctor");
        assertThat(ended.out())
                .contains(
                        "all is well",
                        "MORTISE_DTA is no setting",
                        " tools; data in ",
                        "ok    data folder: " + home.resolve("data") + " holds nothing yet",
                        "ok    documents: 0 of the house, found by words",
                        "ok    accounts: 4 plans",
                        "ok    audit log")
                .doesNotContain(secret);
        assertThat(ended.status()).isZero();
        assertThat(home.resolve("data")).as("who only looks makes nothing").doesNotExist();
    }

    @Test
    void theDoctorSaysWhyADataFolderCannotBe() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "x");
        Service.Ended ended =
                run(home, Map.of("MORTISE_DATA", file.resolve("data").toString()), "doctor");
        assertThat(ended.out()).as(ended.err()).contains("WRONG data folder: MORTISE_DATA is ", file + " is no folder");
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void theDoctorKnowsTheServerThatRuns() throws Exception {
        try (Service service = Service.start(home, Map.of())) {
            String port = Integer.toString(service.url().getPort());
            Service.Ended here = run(home, Map.of("PORT", port), "doctor");
            assertThat(here.out()).contains("ok    port: in use by this server, which is ready", "all is well");
            assertThat(here.status()).isZero();

            Path other = home.resolve("other");
            Service.Ended there = run(home, Map.of("PORT", port, "MORTISE_DATA", other.toString()), "doctor");
            assertThat(there.out()).contains("WRONG port: PORT is " + port, "another server of this kind");
            assertThat(there.status()).isEqualTo(1);
        }
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.start();
        try {
            Map<String, String> taken =
                    Map.of("PORT", Integer.toString(site.getAddress().getPort()));
            assertThat(run(home, taken, "doctor").out()).contains("WRONG port: PORT is ", "it is in use");
        } finally {
            site.stop(0);
        }
    }

    @Test
    void keysComeAndGo() throws Exception {
        Service.Ended made =
                run(home, Map.of(), "keys", "create", "--subject", "ci", "--tool", "calculate", "--days", "30");
        assertThat(made.out()).contains("shown this once: mk_dev_");
        String id = made.out().split(" ", -1)[1];
        Service.Ended listed = run(home, Map.of(), "keys", "list");
        assertThat(listed.out()).contains(id, "good", "ci");
        assertThat(listed.err()).as("nothing but what was asked for").doesNotContain("INFO");
        assertThat(run(home, Map.of(), "keys", "revoke", id).out()).contains("revoked");
        assertThat(run(home, Map.of(), "keys", "list").out()).contains("revoked");
        assertThat(run(home, Map.of(), "keys", "create", "--subject", "x", "--reach", "far")
                        .err())
                .contains("--reach");
        Service.Ended unknown = run(home, Map.of(), "frobnicate");
        assertThat(unknown.err()).startsWith("usage: ");
        assertThat(unknown.status()).isEqualTo(2);
    }

    @Test
    void oneSecretMakesTheSameKeysEverywhere() {
        DerivedKeys keys = DerivedKeys.of("k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d");
        assertThat(keys.signing("a").getPublic())
                .isEqualTo(DerivedKeys.of("k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d")
                        .signing("a")
                        .getPublic())
                .isNotEqualTo(keys.signing("b").getPublic());
        assertThat(keys.bytes("a")).hasSize(32).isNotEqualTo(keys.bytes("b"));
    }
}
