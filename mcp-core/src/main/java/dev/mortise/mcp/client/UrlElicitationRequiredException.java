package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.ElicitRequestURLParams;
import java.util.List;

/**
 * The user has to visit pages before the server does what it was asked to do, and has not: this client has no
 * {@code onUrlElicitation}, or the user did not agree (revision 2025-11-25, client: Elicitation, URL Elicitation Required
 * Error). The call had no effect and may be repeated afterwards.
 */
public final class UrlElicitationRequiredException extends McpException {
    private static final long serialVersionUID = 1L;

    private final transient List<ElicitRequestURLParams> pages;

    public UrlElicitationRequiredException(String method, List<ElicitRequestURLParams> pages, String why) {
        super(method + " needs the user to visit " + pages.size() + " page(s) first: " + why, null);
        this.pages = List.copyOf(pages);
    }

    /** What the user has to visit. URLs of the server's choice: show them whole, and open none without consent. */
    public List<ElicitRequestURLParams> pages() {
        return pages;
    }
}
