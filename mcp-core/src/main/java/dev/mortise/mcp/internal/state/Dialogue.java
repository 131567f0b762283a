package dev.mortise.mcp.internal.state;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.PendingInputStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one logical call has learned so far, over all its rounds: answers, results of work that is done once, charges.
 * Between rounds it travels, sealed, through the client; nothing of it stays here. Thread-safe.
 */
public final class Dialogue {
    /** The methods whose calls may ask, and so have more than one round (MRTR: Supported Requests). */
    public static final Set<String> METHODS = Set.of("tools/call", "prompts/get", "resources/read");

    /** After this many rounds a call is taken for one that will never end. */
    public static final int MAX_ROUNDS = 64;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The sealed form. Short names: it is sent twice in every round. */
    private record Sealed(
            @Nullable String call,
            int round,
            String id,
            long expires,
            Map<String, JsonNode> answers,
            Map<String, String> asked,
            Map<String, JsonNode> kept,
            Map<String, String> charges) {}

    private static final Sealed NOTHING = new Sealed(null, 1, "", 0, Map.of(), Map.of(), Map.of(), Map.of());

    private @Nullable String call;
    private final int round;
    private final @Nullable String stateId;
    private final Instant expires;
    private final Map<String, String> asked;

    // Copied when they change, which is seldom: most calls have one round, and nothing to remember.
    private Map<String, JsonNode> answers;
    private Set<String> wanted;
    private Map<String, JsonNode> kept;
    private Map<String, String> charges;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Boolean claimed;

    private Dialogue(Sealed sealed, @Nullable String stateId, Map<String, JsonNode> responses) {
        this.call = sealed.call();
        this.round = sealed.round();
        this.stateId = stateId;
        this.expires = Instant.ofEpochMilli(sealed.expires());
        this.answers = responses.isEmpty() ? sealed.answers() : merged(sealed.answers(), responses);
        this.wanted = sealed.answers().keySet();
        this.asked = sealed.asked();
        this.kept = sealed.kept();
        this.charges = sealed.charges();
    }

    /** The first round. The client may have sent answers along unasked. */
    public static Dialogue begin(Map<String, JsonNode> responses) {
        return new Dialogue(NOTHING, null, responses);
    }

    /** A later round, from the content of an opened state; null if the state has expired. */
    public static @Nullable Dialogue resume(byte[] content, Map<String, JsonNode> responses, Instant now) {
        Sealed sealed = Json.mapper().readValue(content, Sealed.class);
        if (!now.isBefore(Instant.ofEpochMilli(sealed.expires()))) {
            return null;
        }
        return new Dialogue(sealed, sealed.id(), responses);
    }

    /** What to seal when the call pauses to put these questions. */
    public byte[] pause(List<Question<?>> questions, Instant expiry) {
        lock.lock();
        try {
            Map<String, String> nowAsked = new HashMap<>(asked);
            for (Question<?> question : questions) {
                nowAsked.put(question.key(), digest(question));
            }
            // What nobody asked for does not travel on: the client could send anything.
            Map<String, JsonNode> carried = new LinkedHashMap<>(answers);
            carried.keySet().retainAll(wanted);
            return Json.write(new Sealed(
                    callId(), round + 1, randomId(), expiry.toEpochMilli(), carried, nowAsked, kept, charges));
        } finally {
            lock.unlock();
        }
    }

    /** Made when it is first wanted: most calls never need one. */
    public String callId() {
        lock.lock();
        try {
            if (call == null) {
                call = randomId();
            }
            return call;
        } finally {
            lock.unlock();
        }
    }

    public int round() {
        return round;
    }

    /** The answer to a question, as far as it counts; see {@link Question.Proof}. */
    public <T> Answer<T> answer(Question<T> question, PendingInputStore store) {
        lock.lock();
        try {
            if (!wanted.contains(question.key())) {
                wanted = new HashSet<>(wanted);
                wanted.add(question.key());
            }
            JsonNode response = answers.get(question.key());
            if (response == null || !proven(question, store)) {
                return new Answer.Missing<>();
            }
            Answer<T> answer = question.read(response);
            if (answer instanceof Answer.Missing) {
                answers = new LinkedHashMap<>(answers);
                answers.remove(question.key());
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private boolean proven(Question<?> question, PendingInputStore store) {
        if (question.proof() == Question.Proof.NONE) {
            return true;
        }
        if (!digest(question).equals(asked.get(question.key()))) {
            return false;
        }
        return question.proof() == Question.Proof.ASKED || claim(store);
    }

    /** One state carries one consent, whichever replica it comes to, however often it is sent. */
    private boolean claim(PendingInputStore store) {
        if (claimed == null) {
            claimed = stateId != null && store.claim(stateId, expires);
        }
        return claimed;
    }

    public @Nullable JsonNode kept(String key) {
        lock.lock();
        try {
            return kept.get(key);
        } finally {
            lock.unlock();
        }
    }

    public void keep(String key, JsonNode value) {
        lock.lock();
        try {
            kept = merged(kept, Map.of(key, value));
        } finally {
            lock.unlock();
        }
    }

    public @Nullable String charge(String settlement) {
        lock.lock();
        try {
            return charges.get(settlement);
        } finally {
            lock.unlock();
        }
    }

    public void charge(String settlement, String token) {
        lock.lock();
        try {
            charges = merged(charges, Map.of(settlement, token));
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything was charged. */
    public boolean isCharged() {
        lock.lock();
        try {
            return !charges.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The charges of this call by the names of their settlements. */
    public Map<String, String> charges() {
        lock.lock();
        try {
            return charges;
        } finally {
            lock.unlock();
        }
    }

    private static <T> Map<String, T> merged(Map<String, T> before, Map<String, T> more) {
        Map<String, T> all = new LinkedHashMap<>(before);
        all.putAll(more);
        return Collections.unmodifiableMap(all);
    }

    private static String digest(Question<?> question) {
        byte[] digest = ArgumentDigest.ofValue(Json.tree(question.request()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static String randomId() {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
