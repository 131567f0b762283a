package dev.mortise.security.crypto;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * How a host connects Vault's transit engine, whose keys never leave it: with {@code derived=true} the context goes into
 * the key, and the id of the key is its name.
 */
final class VaultTransit implements KeyEncryption {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI vault;
    private final String token;
    private final String key;

    VaultTransit(URI vault, String token, String key) {
        this.vault = vault;
        this.token = token;
        this.key = key;
    }

    @Override
    public String currentKey() {
        return key;
    }

    @Override
    public Wrapped wrap(byte[] keys, byte[] context) {
        String plaintext = Base64.getEncoder().encodeToString(keys);
        try {
            JsonNode data = post("encrypt/" + key, "plaintext", plaintext, context);
            return new Wrapped(key, data.path("ciphertext").asString("").getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new KeyEncryptionUnavailable("Vault refuses to encrypt", e);
        }
    }

    @Override
    public byte[] unwrap(Wrapped wrapped, byte[] context) throws GeneralSecurityException {
        String ciphertext = new String(wrapped.bytes(), StandardCharsets.US_ASCII);
        JsonNode data = post("decrypt/" + wrapped.key(), "ciphertext", ciphertext, context);
        return Base64.getDecoder().decode(data.path("plaintext").asString(""));
    }

    private JsonNode post(String operation, String name, String value, byte[] context) throws GeneralSecurityException {
        byte[] body = Json.write(Json.object()
                .put(name, value)
                .put("context", Base64.getEncoder().encodeToString(context)));
        HttpRequest request = HttpRequest.newBuilder(vault.resolve("/v1/transit/" + operation))
                .header("X-Vault-Token", token)
                .timeout(Duration.ofSeconds(2))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() == 400) {
                throw new GeneralSecurityException("Vault does not decrypt it");
            }
            if (response.statusCode() != 200) {
                throw new KeyEncryptionUnavailable("Vault answers " + response.statusCode(), null);
            }
            return Json.read(response.body()).path("data");
        } catch (IOException | Json.InvalidJson e) {
            throw new KeyEncryptionUnavailable("Vault does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeyEncryptionUnavailable("Interrupted", e);
        }
    }
}
