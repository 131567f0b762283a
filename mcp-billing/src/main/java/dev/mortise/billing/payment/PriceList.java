package dev.mortise.billing.payment;

import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which plan is which price, and back. Old prices stay in it for as long as anybody pays them. Immutable. */
public final class PriceList {
    private final Map<String, PlanPrice> byId = new HashMap<>();
    private final Map<String, PlanPrice> offered = new HashMap<>();

    private PriceList() {}

    /**
     * A list of prices. Where several serve one plan and currency at a provider, the first is sold; the others are
     * understood.
     *
     * @throws IllegalArgumentException if one id stands for two
     */
    public static PriceList of(List<PlanPrice> prices) {
        PriceList list = new PriceList();
        for (PlanPrice price : prices) {
            PlanPrice other = list.byId.putIfAbsent(price.provider() + '\n' + price.id(), price);
            if (other != null) {
                throw new IllegalArgumentException("The price " + price.id() + " stands for two plans or currencies");
            }
            list.offered.putIfAbsent(key(price.provider(), price.plan(), price.currency()), price);
        }
        return list;
    }

    /** What the provider's price is here. */
    public Optional<PlanPrice> known(String provider, String id) {
        return Optional.ofNullable(byId.get(provider + '\n' + id));
    }

    /** What is sold for a plan. */
    public Optional<PlanPrice> offered(String provider, String plan, Currency currency) {
        return Optional.ofNullable(offered.get(key(provider, plan, currency)));
    }

    private static String key(String provider, String plan, Currency currency) {
        return provider + '\n' + plan + '\n' + currency.getCurrencyCode();
    }
}
