package dev.mortise.billing.payment;

import java.net.URI;

/** What came of a form that was sent to a {@link CheckoutPage}. */
public sealed interface Choice {
    /**
     * The browser goes on, by a redirect with 303 (RFC 9110 section 15.4.4).
     *
     * @param page the provider's, the host's sign-in, or where it began. It belongs in that redirect and nowhere else
     */
    record GoTo(URI page) implements Choice {}

    /** The visitor may not spend the tenant's money. */
    record NotAllowed() implements Choice {}

    /** The form was not sent from an address of this host, or the browser does not say from where. */
    record NotFromHere() implements Choice {}

    /** It is none of the offers, or the form is no form of this page. */
    record NoSuchPlan() implements Choice {}

    /**
     * It is written down, or the database is away; the same form once more, with the same number, is the same checkout.
     *
     * @param number of the form
     */
    record Later(Offer offer, String number) implements Choice {}

    /** The tenant pays already, and the provider has no page for that. Nothing was begun. */
    record SubscribedAlready() implements Choice {}

    /**
     * Nothing was begun and nothing was paid.
     *
     * @param code as of {@link OperationResult.Refused}; for logs, not for people
     */
    record Refused(String code) implements Choice {}
}
