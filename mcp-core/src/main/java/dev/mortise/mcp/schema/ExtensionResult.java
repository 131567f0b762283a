package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mortise.mcp.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A result whose members an extension defines: what its own methods answer, or what stands for the result of another
 * method under a {@code resultType} of the extension.
 *
 * @param resultType {@link Result#COMPLETE} unless the extension has added a kind of its own
 * @param members everything but {@code resultType}, {@code _meta} and the hints on caching; not to be modified
 */
public record ExtensionResult(
        String resultType,
        ObjectNode members,
        @Nullable Long statedTtlMs,
        @Nullable CacheScope statedCacheScope,
        Meta meta)
        implements CacheableResult {
    public ExtensionResult {
        Fields.required(resultType, "ExtensionResult.resultType");
        Fields.required(members, "ExtensionResult.members");
        meta = Meta.orEmpty(meta);
    }

    /** A complete result without members. */
    public static ExtensionResult empty() {
        return of(Json.object());
    }

    /** A complete result. */
    public static ExtensionResult of(ObjectNode members) {
        return new ExtensionResult(COMPLETE, members, null, null, Meta.EMPTY);
    }

    /** The same members under a kind of result that the extension has added. */
    public ExtensionResult withResultType(String kind) {
        return new ExtensionResult(kind, members, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public ExtensionResult withCaching(long ttlMs, CacheScope scope) {
        return new ExtensionResult(resultType, members, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ExtensionResult withMeta(Meta newMeta) {
        return new ExtensionResult(resultType, members, statedTtlMs, statedCacheScope, newMeta);
    }

    /** The result as it stands on the wire. */
    @JsonValue
    ObjectNode wire() {
        ObjectNode wire = Json.object().put("resultType", resultType);
        wire.setAll(members);
        if (statedTtlMs != null) {
            wire.put("ttlMs", statedTtlMs);
        }
        if (statedCacheScope != null) {
            wire.set("cacheScope", Json.tree(statedCacheScope));
        }
        if (!meta.isEmpty()) {
            wire.set("_meta", Json.tree(meta));
        }
        return wire;
    }
}
