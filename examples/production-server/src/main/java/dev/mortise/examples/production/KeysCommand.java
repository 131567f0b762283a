package dev.mortise.examples.production;

import dev.mortise.examples.production.admin.Administrators;
import dev.mortise.examples.production.admin.ProvableLog;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.key.StoredKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Keys, for whoever may read the data folder or knows the database: they need no key themselves. */
final class KeysCommand {
    private static final int PAGE = 500;

    private KeysCommand() {}

    static int run(Settings settings, List<String> args) throws IOException {
        Options options = Options.parse(
                args, Set.of("subject", "tenant", "label", "reach", "scope", "tool", "days"), Set.of("admin"));
        try (Parts parts =
                Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "keys", Library.Use.SHARES)) {
            return switch (String.join(" ", options.words())) {
                case "create" -> create(parts.security(), parts.audit(), options);
                case "list" -> list(parts.security(), options);
                default -> revoke(parts.security(), parts.audit(), options.words());
            };
        }
    }

    private static int create(Security security, ProvableLog audit, Options options) {
        String subject =
                options.value("subject").orElseThrow(() -> new IllegalArgumentException("--subject is missing"));
        IssuedKey issued = security.keys()
                .issue(
                        subject,
                        options.value("tenant").orElse(null),
                        options.value("label").orElse("made on the command line"),
                        limits(options));
        record(audit, issued.key(), "issued");
        System.out.println("key " + issued.key().id() + " of " + subject + ", shown this once: " + issued.secret());
        return 0;
    }

    private static KeyLimits limits(Options options) {
        Instant expiry = options.value("days")
                .map(days -> Instant.now().plus(Duration.ofDays(number(days))))
                .orElse(null);
        if (options.has("admin")) {
            return Administrators.limits(expiry);
        }
        List<String> tools = options.values("tool");
        return new KeyLimits(
                Set.copyOf(options.values("scope")),
                options.value("reach").map(KeysCommand::level).orElse(SecurityLevel.MEDIUM),
                tools.isEmpty() ? null : Set.copyOf(tools),
                null,
                expiry);
    }

    private static SecurityLevel level(String name) {
        try {
            return SecurityLevel.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--reach is low, medium, high or critical, not \"" + name + "\"", e);
        }
    }

    private static long number(String days) {
        if (!days.matches("[1-9]\\d{0,4}")) {
            throw new IllegalArgumentException("--days is a whole number from 1 to 99999, not \"" + days + "\"");
        }
        return Long.parseLong(days);
    }

    private static int list(Security security, Options options) {
        String after = null;
        List<StoredKey> keys;
        do {
            keys = security.keys().list(options.value("tenant").orElse(null), after, PAGE);
            for (StoredKey key : keys) {
                boolean good = key.isGood(Instant.now());
                System.out.printf(
                        "%s  %-7s  %-8s  %s  %s%n",
                        key.id(),
                        good ? "good" : key.revokedAt() == null ? "expired" : "revoked",
                        key.limits().reach().name().toLowerCase(Locale.ROOT),
                        key.tenant() == null ? key.subject() : key.tenant() + "/" + key.subject(),
                        key.label());
                after = key.id();
            }
        } while (keys.size() == PAGE);
        return 0;
    }

    private static int revoke(Security security, ProvableLog audit, List<String> words) {
        if (words.size() != 2 || !words.getFirst().equals("revoke")) {
            throw new IllegalArgumentException("usage: keys create --subject NAME …, keys list, or keys revoke ID");
        }
        StoredKey key = security.keys()
                .find(words.get(1))
                .orElseThrow(() -> new IllegalArgumentException("There is no key " + words.get(1)));
        record(audit, key, "revoked");
        System.out.println(security.keys().revoke(key.id()) ? "revoked" : "it was revoked before");
        return 0;
    }

    private static void record(ProvableLog audit, StoredKey key, String what) {
        audit.log()
                .record(new AuditEvent(
                        Instant.now(),
                        AuditEvent.Kind.KEY,
                        AuditEvent.Outcome.ALLOWED,
                        "command line:" + System.getProperty("user.name"),
                        key.tenant(),
                        null,
                        "keys",
                        key.id(),
                        null,
                        what,
                        null,
                        null,
                        Map.of("of", key.subject())));
    }
}
