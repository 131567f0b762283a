package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** The contents of a resource or a part of it: text or bytes, told apart by which member is there. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
public sealed interface ResourceContents permits TextResourceContents, BlobResourceContents {
    String uri();

    @Nullable
    String mimeType();

    Meta meta();
}
