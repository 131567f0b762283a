package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.SigningKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A private key that the JDK signs with. */
public record LocalSigningKey(PrivateKey key, String algorithm, String signature, Optional<String> keyId)
        implements SigningKey {
    private static final int MIN_RSA_BITS = 2048;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    public static LocalSigningKey of(PrivateKey key, Optional<String> keyId) {
        if (key instanceof ECPrivateKey ec) {
            return switch (ec.getParams().getCurve().getField().getFieldSize()) {
                case 256 -> new LocalSigningKey(key, "ES256", "SHA256withECDSAinP1363Format", keyId);
                case 384 -> new LocalSigningKey(key, "ES384", "SHA384withECDSAinP1363Format", keyId);
                case 521 -> new LocalSigningKey(key, "ES512", "SHA512withECDSAinP1363Format", keyId);
                default -> throw new IllegalArgumentException("The key's curve is none of P-256, P-384 and P-521");
            };
        }
        if (key instanceof RSAPrivateKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("An RSA key that signs tokens has 2048 bits or more");
            }
            return new LocalSigningKey(key, "RS256", "SHA256withRSA", keyId);
        }
        if (key instanceof EdECPrivateKey ed && ed.getParams().getName().equals("Ed25519")) {
            return new LocalSigningKey(key, "EdDSA", "Ed25519", keyId);
        }
        throw new IllegalArgumentException("A key that signs tokens is EC, RSA or Ed25519, not " + key.getAlgorithm());
    }

    public static PrivateKey parse(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("The text is not a PKCS #8 key in PEM: it has no \"" + BEGIN
                    + "\". Other forms are converted with: openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The key's PEM has something in it that is not base64");
        }
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // It is of another kind.
            }
        }
        throw new IllegalArgumentException("The PEM holds no EC, RSA or Ed25519 key");
    }

    @Override
    public byte[] sign(byte[] content) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(signature);
        signer.initSign(key);
        signer.update(content);
        return signer.sign();
    }

    @Override
    public String toString() {
        return "SigningKey[" + algorithm + "]";
    }
}
