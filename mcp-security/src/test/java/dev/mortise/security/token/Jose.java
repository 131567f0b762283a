package dev.mortise.security.token;

import dev.mortise.mcp.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ObjectNode;

/** Makes tokens by hand, also those that no library would make. Single quotes in JSON stand for double ones. */
public final class Jose {
    private Jose() {}

    public static KeyPair rsa() {
        return pair("RSA", null);
    }

    public static KeyPair ec() {
        return pair("EC", "secp256r1");
    }

    public static KeyPair ed25519() {
        return pair("Ed25519", null);
    }

    private static KeyPair pair(String type, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            if (type.equals("RSA")) {
                generator.initialize(2048);
            } else if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static String base64(String json) {
        return base64(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    public static String sha256(String text) {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String rs256(String header, String claims, PrivateKey key) {
        return signed(header, claims, "SHA256withRSA", key);
    }

    public static String es256(String header, String claims, PrivateKey key) {
        return signed(header, claims, "SHA256withECDSAinP1363Format", key);
    }

    public static String ed25519(String header, String claims, PrivateKey key) {
        return signed(header, claims, "Ed25519", key);
    }

    public static String ps256(String header, String claims, PrivateKey key) {
        return signed(header, claims, "RSASSA-PSS", key);
    }

    private static String signed(String header, String claims, String algorithm, PrivateKey key) {
        try {
            String input = base64(header) + "." + base64(claims);
            Signature signature = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String hs256(String header, String claims, byte[] secret) {
        try {
            String input = base64(header) + "." + base64(claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static ObjectNode jwk(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa ->
                Json.object()
                        .put("kty", "RSA")
                        .put("n", unsigned(rsa.getModulus(), 256))
                        .put("e", "AQAB");
            case ECPublicKey ec ->
                Json.object()
                        .put("kty", "EC")
                        .put("crv", "P-256")
                        .put("x", unsigned(ec.getW().getAffineX(), 32))
                        .put("y", unsigned(ec.getW().getAffineY(), 32));
            default -> throw new AssertionError(key);
        };
    }

    /** RFC 7638. */
    public static String thumbprint(ECPublicKey key) {
        ObjectNode jwk = jwk(key);
        return sha256("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
                + jwk.get("x").stringValue() + "\",\"y\":\"" + jwk.get("y").stringValue() + "\"}");
    }

    private static String unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int used = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - used, fixed, length - used, used);
        return base64(Arrays.copyOf(fixed, length));
    }
}
