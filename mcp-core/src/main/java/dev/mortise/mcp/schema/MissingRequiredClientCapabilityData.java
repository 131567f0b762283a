package dev.mortise.mcp.schema;

/** The {@code data} of error −32021: what the client would have had to declare on this request. */
public record MissingRequiredClientCapabilityData(ClientCapabilities requiredCapabilities) {
    public MissingRequiredClientCapabilityData {
        Fields.required(requiredCapabilities, "MissingRequiredClientCapabilityData.requiredCapabilities");
    }

    public static MissingRequiredClientCapabilityData of(ClientCapabilities requiredCapabilities) {
        return new MissingRequiredClientCapabilityData(requiredCapabilities);
    }
}
