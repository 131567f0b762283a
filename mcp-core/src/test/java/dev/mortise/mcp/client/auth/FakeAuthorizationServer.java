package dev.mortise.mcp.client.auth;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An authorization server that takes nothing that is not exactly right, and says what was wrong. Its knobs make it
 * behave badly towards clients.
 */
final class FakeAuthorizationServer extends WebServer {
    private static final Set<String> AUTHORIZE_PARAMETERS = Set.of(
            "response_type",
            "client_id",
            "redirect_uri",
            "state",
            "code_challenge",
            "code_challenge_method",
            "resource",
            "scope",
            "prompt",
            "dpop_jkt");

    record Registered(Optional<String> secret, String method, List<String> redirects) {}

    private record Code(String client, String redirect, String challenge, String resource, String scope) {}

    record Issued(String client, String resource, Set<String> scopes, Optional<String> thumbprint) {}

    final Map<String, Registered> clients = new ConcurrentHashMap<>();
    final Map<String, Issued> tokens = new ConcurrentHashMap<>();
    final Map<String, Issued> refreshTokens = new ConcurrentHashMap<>();
    final List<Map<String, String>> authorizations = new ArrayList<>();
    final List<Map<String, String>> tokenRequests = new ArrayList<>();
    final List<JsonNode> registrations = new ArrayList<>();
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Set<String> spent = ConcurrentHashMap.newKeySet();
    final DpopJudge proofs = new DpopJudge(violations);

    /** The path of the issuer, such as {@code /tenant1}. */
    String path = "";

    String metadataPath = "/.well-known/oauth-authorization-server";
    Consumer<ObjectNode> metadata = json -> {};
    UnaryOperator<Map<String, String>> redirect = parameters -> parameters;
    Consumer<ObjectNode> tokenAnswer = json -> {};
    /** Takes a token request over, where it returns true. */
    Interception token = exchange -> false;

    Interception registration = exchange -> false;

    List<String> methods = List.of("none");
    boolean refreshes;
    boolean rotates = true;
    Optional<String> nonce = Optional.empty();
    boolean dpop;
    Optional<String> assertion = Optional.empty();

    /** Something that a test does with a request instead of the server. */
    interface Interception {
        boolean takes(HttpExchange exchange) throws IOException;
    }

    FakeAuthorizationServer() throws IOException {}

    String issuer() {
        return origin() + path;
    }

    void register(String id, String secret) {
        clients.put(id, new Registered(Optional.of(secret), methods.get(0), List.of()));
    }

    @Override
    void handle(HttpExchange exchange) throws IOException {
        String called =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (called.equals("GET " + metadataPath)) {
            json(exchange, 200, metadataDocument());
        } else if (called.equals("GET " + path + "/authorize")) {
            authorize(exchange);
        } else if (called.equals("POST " + path + "/token")) {
            if (!token.takes(exchange)) {
                token(exchange);
            }
        } else if (called.equals("POST " + path + "/register")) {
            if (!registration.takes(exchange)) {
                register(exchange);
            }
        } else {
            bytes(exchange, 404, new byte[0]);
        }
    }

    private ObjectNode metadataDocument() {
        ObjectNode json = Json.object()
                .put("issuer", issuer())
                .put("authorization_endpoint", issuer() + "/authorize")
                .put("token_endpoint", issuer() + "/token")
                .put("registration_endpoint", issuer() + "/register")
                .put("authorization_response_iss_parameter_supported", true);
        json.putArray("code_challenge_methods_supported").add("S256");
        methods.forEach(json.putArray("token_endpoint_auth_methods_supported")::add);
        if (dpop) {
            json.putArray("dpop_signing_alg_values_supported").add("ES256");
        }
        metadata.accept(json);
        return json;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> given = parameters(exchange.getRequestURI().getRawQuery());
        synchronized (this) {
            authorizations.add(given);
        }
        require(AUTHORIZE_PARAMETERS.containsAll(given.keySet()), "unknown parameters: " + given.keySet());
        require("code".equals(given.get("response_type")), "response_type");
        require("S256".equals(given.get("code_challenge_method")), "code_challenge_method");
        require(given.getOrDefault("code_challenge", "").matches("[A-Za-z0-9_-]{43}"), "code_challenge");
        require(given.getOrDefault("state", "").length() >= 22, "state is short");
        require(given.getOrDefault("resource", "").startsWith("http"), "resource");
        require(!"".equals(given.get("scope")), "empty scope");
        String redirectUri = given.getOrDefault("redirect_uri", "");
        Registered client = clients.get(given.getOrDefault("client_id", ""));
        if (client == null) {
            violations.add("unknown client: " + given.get("client_id"));
            error(exchange, 400, "unauthorized_client");
            return;
        }
        require(client.redirects.isEmpty() || client.redirects.contains(redirectUri), "redirect_uri is not registered");
        String code = "code-" + ids.incrementAndGet();
        codes.put(
                code,
                new Code(
                        given.get("client_id"),
                        redirectUri,
                        given.get("code_challenge"),
                        given.get("resource"),
                        given.getOrDefault("scope", "")));
        Map<String, String> back = new LinkedHashMap<>();
        back.put("code", code);
        back.put("state", given.get("state"));
        back.put("iss", issuer());
        String query = redirect.apply(back).entrySet().stream()
                .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
        exchange.getResponseHeaders().set("Location", redirectUri + "?" + query);
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        require(
                "application/x-www-form-urlencoded"
                        .equals(exchange.getRequestHeaders().getFirst("Content-Type")),
                "Content-Type of the token request");
        Map<String, String> form =
                new TreeMap<>(parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        synchronized (this) {
            tokenRequests.add(form);
        }
        Optional<String> thumbprint = Optional.empty();
        List<String> given = exchange.getRequestHeaders().getOrDefault("DPoP", List.of());
        if (!given.isEmpty()) {
            DpopJudge.Verdict verdict = proofs.judge(given, "POST", URI.create(issuer() + "/token"), Optional.empty());
            if (!verdict.nonce().equals(nonce)) {
                exchange.getResponseHeaders().set("DPoP-Nonce", nonce.orElse("unexpected"));
                error(exchange, 400, "use_dpop_nonce");
                return;
            }
            thumbprint = Optional.of(verdict.thumbprint());
        }
        Optional<String> client = authenticated(exchange, form);
        if (client.isEmpty()) {
            error(exchange, 401, "invalid_client");
            return;
        }
        switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> code(exchange, form, client.get(), thumbprint);
            case "refresh_token" -> refresh(exchange, form, client.get(), thumbprint);
            case "client_credentials" -> {
                only(form, "grant_type", "resource", "scope");
                issue(exchange, client.get(), form.get("resource"), form.getOrDefault("scope", ""), thumbprint);
            }
            case "urn:ietf:params:oauth:grant-type:jwt-bearer" -> {
                only(form, "grant_type", "resource", "scope", "assertion");
                if (Optional.ofNullable(form.get("assertion")).equals(assertion)) {
                    issue(exchange, client.get(), form.get("resource"), form.getOrDefault("scope", ""), thumbprint);
                } else {
                    error(exchange, 400, "invalid_grant");
                }
            }
            default -> error(exchange, 400, "unsupported_grant_type");
        }
    }

    private void code(HttpExchange exchange, Map<String, String> form, String client, Optional<String> thumbprint)
            throws IOException {
        only(form, "grant_type", "code", "redirect_uri", "code_verifier", "resource");
        Code code = codes.remove(form.getOrDefault("code", ""));
        if (code == null) {
            violations.add("a code that was not given, or was used before");
            error(exchange, 400, "invalid_grant");
            return;
        }
        String verifier = form.getOrDefault("code_verifier", "");
        require(verifier.matches("[A-Za-z0-9._~-]{43,128}"), "code_verifier");
        require(code.challenge.equals(sha256(verifier)), "the verifier is of another challenge");
        require(code.redirect.equals(form.get("redirect_uri")), "another redirect_uri");
        require(code.resource.equals(form.get("resource")), "another resource");
        require(code.client.equals(client), "another client");
        issue(exchange, client, code.resource, code.scope, thumbprint);
    }

    private void refresh(HttpExchange exchange, Map<String, String> form, String client, Optional<String> thumbprint)
            throws IOException {
        only(form, "grant_type", "refresh_token", "resource");
        String given = form.getOrDefault("refresh_token", "");
        Issued before = refreshTokens.remove(given);
        if (before == null) {
            if (!spent.add(given)) {
                violations.add("a refresh token was used twice");
            }
            error(exchange, 400, "invalid_grant");
            return;
        }
        if (rotates) {
            spent.add(given);
        } else {
            refreshTokens.put(given, before);
        }
        require(before.client.equals(client), "the refresh token of another client");
        require(before.resource.equals(form.get("resource")), "the refresh token of another resource");
        issue(exchange, client, before.resource, String.join(" ", before.scopes), thumbprint);
    }

    private void issue(HttpExchange exchange, String client, String resource, String scope, Optional<String> thumbprint)
            throws IOException {
        int id = ids.incrementAndGet();
        Set<String> scopes = scope.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(scope.split(" ", -1)));
        Issued issued = new Issued(client, String.valueOf(resource), scopes, thumbprint);
        require(resource != null, "a token request without a resource");
        ObjectNode json = Json.object()
                .put("access_token", "secret-access-" + id)
                .put("token_type", thumbprint.isPresent() ? "DPoP" : "Bearer")
                .put("expires_in", 3600);
        tokens.put("secret-access-" + id, issued);
        if (refreshes && (rotates || refreshTokens.isEmpty())) {
            json.put("refresh_token", "secret-refresh-" + id);
            refreshTokens.put("secret-refresh-" + id, issued);
        }
        tokenAnswer.accept(json);
        json(exchange, 200, json);
    }

    /** The client, by the method that it is registered with and by no other. */
    private Optional<String> authenticated(HttpExchange exchange, Map<String, String> form) {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        if (basic != null) {
            String[] pair =
                    new String(Base64.getDecoder().decode(basic.substring(6)), StandardCharsets.UTF_8).split(":", -1);
            require(!form.containsKey("client_secret") && !form.containsKey("client_id"), "two ways to authenticate");
            return known(decode(pair[0]), "client_secret_basic", decode(pair[1]));
        }
        if (form.containsKey("client_assertion")) {
            String jwt = form.remove("client_assertion");
            form.remove("client_assertion_type");
            JsonNode claims = Json.parse(
                    new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), StandardCharsets.UTF_8));
            require(claims.path("aud").asString("").equals(issuer()), "the audience of a client assertion");
            return known(claims.path("sub").asString(), "private_key_jwt", "");
        }
        String secret = form.remove("client_secret");
        String id = form.remove("client_id");
        return id == null
                ? known("", "none", "")
                : known(id, secret == null ? "none" : "client_secret_post", secret == null ? "" : secret);
    }

    private Optional<String> known(String id, String method, String secret) {
        Registered client = clients.get(id);
        if (client == null) {
            return Optional.empty();
        }
        require(client.method.equals(method), "authenticated with " + method + " instead of " + client.method);
        boolean right = method.startsWith("client_secret") ? client.secret.equals(Optional.of(secret)) : true;
        return right ? Optional.of(id) : Optional.empty();
    }

    private void register(HttpExchange exchange) throws IOException {
        JsonNode json = Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        synchronized (this) {
            registrations.add(json);
        }
        require(json.path("client_name").isString(), "client_name");
        require(Set.of("native", "web").contains(json.path("application_type").asString("")), "application_type");
        require(json.path("grant_types").toString().contains("authorization_code"), "grant_types");
        List<String> redirects = new ArrayList<>();
        json.path("redirect_uris").forEach(each -> redirects.add(each.asString()));
        require(redirects.size() == 1, "redirect_uris");
        String id = "client-" + ids.incrementAndGet();
        String method = methods.get(0);
        Optional<String> secret = method.equals("none") ? Optional.empty() : Optional.of("secret-of-" + id);
        clients.put(id, new Registered(secret, method, redirects));
        ObjectNode answer = Json.object().put("client_id", id).put("token_endpoint_auth_method", method);
        secret.ifPresent(each -> answer.put("client_secret", each));
        json(exchange, 201, answer);
    }

    private void only(Map<String, String> form, String... names) {
        require(Set.of(names).containsAll(form.keySet()), "unknown parameters of a token request: " + form.keySet());
    }

    private void require(boolean right, String what) {
        if (!right) {
            violations.add(what);
        }
    }

    static String sha256(String text) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
