package dev.mortise.security.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretTest {
    private final Secret secret = Secret.of("hv-9f3b2c");

    @Test
    void showsItselfNowhere() {
        assertThat(secret.toString()).doesNotContain("hv").doesNotContain("9");
        assertThat(String.valueOf(new Object[] {secret}[0])).doesNotContain("9f3b2c");
        assertThat(Json.tree(secret).toString()).doesNotContain("9f3b2c").doesNotContain("aHYtOWYz");
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(secret))
                .isInstanceOf(NotSerializableException.class);
    }

    @Test
    void equalsByValueAndHashesWithoutIt() {
        assertThat(secret).isEqualTo(Secret.of("hv-9f3b2c".toCharArray()));
        assertThat(secret).isEqualTo(Secret.of("hv-9f3b2c".getBytes(StandardCharsets.UTF_8)));
        assertThat(secret).isNotEqualTo(Secret.of("hv-9f3b2d"));
        assertThat(secret.hashCode()).isEqualTo(Secret.of("other").hashCode());
    }

    @Test
    void isGoneWhenDestroyed() {
        byte[] given = {1, 2, 3};
        Secret taken = Secret.of(given);
        given[0] = 9;
        assertThat(taken.bytes()).containsExactly(1, 2, 3);
        taken.destroy();
        assertThat(taken.isDestroyed()).isTrue();
        assertThat(taken).isNotEqualTo(Secret.of(new byte[] {1, 2, 3})).isNotEqualTo(Secret.of(new byte[3]));
        assertThatThrownBy(taken::text).isInstanceOf(IllegalStateException.class);
    }
}
