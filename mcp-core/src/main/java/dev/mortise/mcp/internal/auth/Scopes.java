package dev.mortise.mcp.internal.auth;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sets of scopes (RFC 6749 section 3.3), in the order in which they became known. */
final class Scopes {
    /** Asks for a refresh token, at servers that know the scope (OpenID Connect Core section 11). */
    static final String OFFLINE_ACCESS = "offline_access";

    private static final int MAX_SCOPES = 256;
    private static final int MAX_LENGTH = 256;

    private Scopes() {}

    static Set<String> parse(String text) {
        return of(Arrays.asList(text.split(" +")));
    }

    /** Without what is no scope, such as one with a quotation mark in it. */
    static Set<String> of(Collection<String> scopes) {
        Set<String> valid = new LinkedHashSet<>();
        scopes.stream().filter(Scopes::isScope).limit(MAX_SCOPES).forEach(valid::add);
        return Collections.unmodifiableSet(valid);
    }

    static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return Collections.unmodifiableSet(all);
    }

    static String text(Set<String> scopes) {
        return String.join(" ", scopes);
    }

    /**
     * What to ask for (basic/authorization: Scope Selection Strategy): what the challenge says, else what the resource
     * says it has, else nothing. What the developer wants and what was asked for before comes on top.
     */
    static Set<String> select(
            Set<String> wanted, Set<String> before, Set<String> challenged, Optional<List<String>> ofResource) {
        Set<String> told = challenged.isEmpty() ? of(ofResource.orElse(List.of())) : challenged;
        return union(union(before, wanted), told);
    }

    /**
     * The same with or without {@link #OFFLINE_ACCESS}, as the authorization server has it. A request without scopes
     * stays one: it asks for the server's default.
     */
    static Set<String> forRefresh(Set<String> scopes, Set<String> challenged, List<String> ofServer, boolean refresh) {
        Set<String> result = new LinkedHashSet<>(scopes);
        boolean known = ofServer.contains(OFFLINE_ACCESS);
        if (!known && !challenged.contains(OFFLINE_ACCESS)) {
            result.remove(OFFLINE_ACCESS);
        } else if (known && refresh && !result.isEmpty()) {
            result.add(OFFLINE_ACCESS);
        }
        return Collections.unmodifiableSet(result);
    }

    private static boolean isScope(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '\\');
    }
}
