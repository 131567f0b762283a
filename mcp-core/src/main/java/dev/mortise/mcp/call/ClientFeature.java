package dev.mortise.mcp.call;

import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.ElicitationCapability;
import dev.mortise.mcp.schema.SamplingCapability;
import java.util.Set;

/** What a client has to be able to do to be asked a {@link Question}. */
public enum ClientFeature {
    FORM,
    URL,
    SAMPLING,
    SAMPLING_TOOLS,
    ROOTS;

    /** Whether the client has declared this for the call. */
    public boolean declaredIn(ClientCapabilities capabilities) {
        return switch (this) {
            case FORM -> capabilities.supportsElicitationForm();
            case URL -> capabilities.supportsElicitationUrl();
            case SAMPLING -> capabilities.supportsSampling();
            case SAMPLING_TOOLS -> capabilities.supportsSamplingTools();
            case ROOTS -> capabilities.supportsRoots();
        };
    }

    /** The capabilities that make up these features: what an error tells the client that it lacks. */
    public static ClientCapabilities capabilities(Set<ClientFeature> features) {
        ClientCapabilities.Builder capabilities = ClientCapabilities.builder();
        boolean form = features.contains(FORM);
        if (features.contains(URL)) {
            capabilities.elicitation(form ? ElicitationCapability.formAndUrl() : ElicitationCapability.urlOnly());
        } else if (form) {
            capabilities.elicitation(ElicitationCapability.formOnly());
        }
        if (features.contains(SAMPLING_TOOLS)) {
            capabilities.sampling(SamplingCapability.toolUse());
        } else if (features.contains(SAMPLING)) {
            capabilities.sampling(SamplingCapability.basic());
        }
        if (features.contains(ROOTS)) {
            capabilities.roots();
        }
        return capabilities.build();
    }
}
