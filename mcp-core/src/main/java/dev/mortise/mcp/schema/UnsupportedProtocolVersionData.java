package dev.mortise.mcp.schema;

import java.util.List;

/**
 * The {@code data} of error −32022: which revisions the client may choose from instead.
 *
 * @param requested what the client asked for
 */
public record UnsupportedProtocolVersionData(List<String> supported, String requested) {
    public UnsupportedProtocolVersionData {
        supported = Fields.requiredList(supported, "UnsupportedProtocolVersionData.supported");
        Fields.required(requested, "UnsupportedProtocolVersionData.requested");
    }

    public static UnsupportedProtocolVersionData of(List<String> supported, String requested) {
        return new UnsupportedProtocolVersionData(supported, requested);
    }
}
