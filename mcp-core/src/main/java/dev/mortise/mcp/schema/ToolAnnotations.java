package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a tool says about its own behaviour. All of it is hints, and from an untrusted server worth nothing
 * (specification, server: Tools). A hint that is {@code null} is not stated; the questions below fill in the defaults.
 *
 * @param title for people
 * @param readOnlyHint the tool changes nothing; default false
 * @param destructiveHint the tool may destroy or overwrite, not only add; default true, moot when read-only
 * @param idempotentHint calling again with the same arguments changes nothing more; default false, moot when read-only
 * @param openWorldHint the tool reaches things outside a closed domain, such as the web; default true
 */
@JsonInclude(NON_NULL)
public record ToolAnnotations(
        @Nullable String title,
        @Nullable Boolean readOnlyHint,
        @Nullable Boolean destructiveHint,
        @Nullable Boolean idempotentHint,
        @Nullable Boolean openWorldHint) {
    public static Builder builder() {
        return new Builder();
    }

    public boolean readOnly() {
        return Boolean.TRUE.equals(readOnlyHint);
    }

    public boolean destructive() {
        return !readOnly() && !Boolean.FALSE.equals(destructiveHint);
    }

    public boolean idempotent() {
        return readOnly() || Boolean.TRUE.equals(idempotentHint);
    }

    public boolean openWorld() {
        return !Boolean.FALSE.equals(openWorldHint);
    }

    public static final class Builder {
        private @Nullable String title;
        private @Nullable Boolean readOnly;
        private @Nullable Boolean destructive;
        private @Nullable Boolean idempotent;
        private @Nullable Boolean openWorld;

        private Builder() {}

        public Builder title(String title) {
            this.title = title;
            return this;
        }

        public Builder readOnly(boolean readOnly) {
            this.readOnly = readOnly;
            return this;
        }

        public Builder destructive(boolean destructive) {
            this.destructive = destructive;
            return this;
        }

        public Builder idempotent(boolean idempotent) {
            this.idempotent = idempotent;
            return this;
        }

        public Builder openWorld(boolean openWorld) {
            this.openWorld = openWorld;
            return this;
        }

        public ToolAnnotations build() {
            return new ToolAnnotations(title, readOnly, destructive, idempotent, openWorld);
        }
    }
}
