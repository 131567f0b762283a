package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Cursors come from clients: whatever they are, they are refused as such or read as what they were. */
class CursorPropertiesTest {
    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 500)
    void whatIsNoneIsRefused(@ForAll String text) {
        assertThatThrownBy(() -> AuditReader.Cursor.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AuditReader.Cursor.parse(encoded(text))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AuditReader.Cursor.parse(encoded("1." + text + ".2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void whatAPageHadIsReadAgain(@ForAll long at, @ForAll long sequence) {
        AuditReader.Cursor cursor = new AuditReader.Cursor(at, "0af7651916cd43dd8448eb211c80319c", sequence);
        assertThat(AuditReader.Cursor.parse(cursor.text())).isEqualTo(cursor);
    }
}
