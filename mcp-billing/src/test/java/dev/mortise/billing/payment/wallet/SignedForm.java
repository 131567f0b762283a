package dev.mortise.billing.payment.wallet;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A form that is signed the way Chinese wallets do: its sorted fields, joined, under SHA256withRSA. */
record SignedForm(TreeMap<String, String> fields) {
    static SignedForm of(Map<String, String> fields) {
        return new SignedForm(new TreeMap<>(fields));
    }

    /** @throws IllegalArgumentException if it is no form, or has a field twice */
    static SignedForm parse(String text) {
        TreeMap<String, String> fields = new TreeMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("It is no form");
            }
            String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
            if (fields.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8)) != null) {
                throw new IllegalArgumentException("A field is there twice");
            }
        }
        return new SignedForm(fields);
    }

    String get(String name) {
        return fields.getOrDefault(name, "");
    }

    private byte[] content() {
        return fields.entrySet().stream()
                .filter(one -> !one.getKey().equals("sign") && !one.getKey().equals("sign_type"))
                .filter(one -> !one.getValue().isEmpty())
                .map(one -> one.getKey() + '=' + one.getValue())
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
    }

    SignedForm signed(PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content());
            TreeMap<String, String> all = new TreeMap<>(fields);
            all.put("sign_type", "RSA2");
            all.put("sign", Base64.getEncoder().encodeToString(signature.sign()));
            return new SignedForm(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isSignedBy(PublicKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(content());
            return get("sign_type").equals("RSA2")
                    && signature.verify(Base64.getDecoder().decode(get("sign")));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    String encoded() {
        return fields.entrySet().stream()
                .map(one -> URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8)
                        + '='
                        + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
