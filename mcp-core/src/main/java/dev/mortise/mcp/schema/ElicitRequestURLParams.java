package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Asks the user to visit a URL. That the user agreed does not mean that the visit is over: the server finds out on its
 * own (specification, client: Elicitation, URL Mode).
 *
 * @param url an absolute URL
 */
@JsonTypeName(ElicitRequestURLParams.MODE)
public record ElicitRequestURLParams(String message, String url) implements ElicitRequestParams {
    static final String MODE = "url";

    public ElicitRequestURLParams {
        Fields.required(message, "ElicitRequestURLParams.message");
        if (!isAbsolute(Fields.required(url, "ElicitRequestURLParams.url"))) {
            throw new IllegalArgumentException("ElicitRequestURLParams.url must be an absolute URL");
        }
    }

    public static ElicitRequestURLParams of(String message, String url) {
        return new ElicitRequestURLParams(message, url);
    }

    @JsonProperty(access = READ_ONLY)
    public String mode() {
        return MODE;
    }

    private static boolean isAbsolute(String url) {
        try {
            URI uri = new URI(url);
            return uri.isAbsolute() && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
