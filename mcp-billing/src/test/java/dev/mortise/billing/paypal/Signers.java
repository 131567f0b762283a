package dev.mortise.billing.paypal;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** An authority, and who may sign in its name or would like to. Made once, by the JDK's own tool. */
final class Signers {
    static final String NAME = "messageverificationcerts.sandbox.paypal.com";
    private static final String PASSWORD = "changeit";
    private static final KeyStore STORE = make();

    private Signers() {}

    private static KeyStore make() {
        try {
            Path directory = Files.createTempDirectory("signers");
            Path file = directory.resolve("signers.p12");
            try {
                add(file, "authority", "CN=Authority", "RSA", "2026/01/01 00:00:00", "-ext", "bc:c");
                add(file, "paypal", "CN=" + NAME, "RSA", "2026/01/01 00:00:00", "-signer", "authority");
                add(file, "other", "CN=shop.paypal.com", "RSA", "2026/01/01 00:00:00", "-signer", "authority");
                add(file, "hidden", "O=x\\,CN\\=" + NAME, "RSA", "2026/01/01 00:00:00", "-signer", "authority");
                add(file, "past", "CN=" + NAME, "RSA", "2016/01/01 00:00:00", "-signer", "authority");
                add(file, "curve", "CN=" + NAME, "EC", "2026/01/01 00:00:00", "-signer", "authority");
                add(file, "self", "CN=" + NAME, "RSA", "2026/01/01 00:00:00");
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD.toCharArray());
                }
                return store;
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void add(Path file, String alias, String name, String algorithm, String from, String... more)
            throws Exception {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                tool,
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                algorithm,
                "-startdate",
                from,
                "-validity",
                "1825",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
        command.addAll(java.util.List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("keytool made no key " + alias);
        }
    }

    static X509Certificate authority() {
        return certificate("authority");
    }

    static X509Certificate certificate(String alias) {
        try {
            return (X509Certificate) STORE.getCertificate(alias);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static PrivateKey key(String alias) {
        try {
            return (PrivateKey) STORE.getKey(alias, PASSWORD.toCharArray());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String alias) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate(alias).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
