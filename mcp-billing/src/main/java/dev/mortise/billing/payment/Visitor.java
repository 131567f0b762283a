package dev.mortise.billing.payment;

import java.net.URI;

/** Who is at a {@link CheckoutPage}, as the host knows from the request: its session, its cookie. */
public sealed interface Visitor {
    /** @param tenant for whom they may spend money; the host has checked that */
    record SignedIn(String tenant) implements Visitor {}

    /** @param signIn a page of the host's, or its identity provider's, that comes back when it is done */
    record Unknown(URI signIn) implements Visitor {}

    /** Signed in, and not one who may spend the tenant's money. */
    record NotAllowed() implements Visitor {}
}
