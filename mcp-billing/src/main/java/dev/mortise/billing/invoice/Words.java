package dev.mortise.billing.invoice;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;

/** The words of statements. Read by hand: the default locale of the machine has no say in it. */
final class Words {
    private Words() {}

    static ResourceBundle of(String file) {
        try (InputStream in = Words.class.getResourceAsStream(file + ".properties")) {
            if (in == null) {
                throw new IllegalStateException("The words of statements are missing: " + file);
            }
            return new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
