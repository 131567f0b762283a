package dev.mortise.billing.paypal;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The certificate that signs webhooks, with what leads from it to an authority that is trusted. */
final class CertificateChain {
    private static final int MAX_CERTIFICATES = 10;
    private static final int MIN_BITS = 2048;

    private final List<X509Certificate> certificates;

    private CertificateChain(List<X509Certificate> certificates) {
        this.certificates = certificates;
    }

    /** @throws CertificateException if it is none, or not in PEM */
    static CertificateChain parse(byte[] pem) throws CertificateException {
        Collection<? extends Certificate> parsed =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
        List<X509Certificate> certificates = new ArrayList<>();
        for (Certificate certificate : parsed) {
            if (certificate instanceof X509Certificate x509) {
                certificates.add(x509);
            }
        }
        if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            throw new CertificateException("There are " + certificates.size() + " certificates");
        }
        return new CertificateChain(List.copyOf(certificates));
    }

    /**
     * The key of the first certificate, if it is for this name and valid at a time.
     *
     * @throws GeneralSecurityException if it is not
     */
    PublicKey key(String name, Set<TrustAnchor> anchors, Instant at) throws GeneralSecurityException {
        X509Certificate signer = certificates.get(0);
        if (!isFor(signer, name)) {
            throw new CertificateException("The certificate is for " + signer.getSubjectX500Principal());
        }
        if (!(signer.getPublicKey() instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() < MIN_BITS) {
            throw new CertificateException("The certificate's key is not RSA, or too short");
        }
        CertPathBuilder.getInstance("PKIX").build(parameters(signer, anchors, at));
        return signer.getPublicKey();
    }

    private PKIXBuilderParameters parameters(X509Certificate signer, Set<TrustAnchor> anchors, Instant at)
            throws GeneralSecurityException {
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(signer);
        PKIXBuilderParameters parameters;
        try {
            parameters = new PKIXBuilderParameters(anchors, target);
        } catch (InvalidAlgorithmParameterException e) {
            throw new CertificateException("There is no authority to trust", e);
        }
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(certificates)));
        // Asking the authorities takes requests to whatever the certificate names.
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        return parameters;
    }

    private static boolean isFor(X509Certificate certificate, String name) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null
                && names.stream().anyMatch(one -> Integer.valueOf(2).equals(one.get(0)) && name.equals(one.get(1)))) {
            return true;
        }
        // A comma within a value stands behind a backslash (RFC 2253 section 2.4).
        return Pattern.compile("(?:^|(?<!\\\\),)CN=" + Pattern.quote(name) + "(?:,|$)")
                .matcher(certificate.getSubjectX500Principal().getName("RFC2253"))
                .find();
    }
}
