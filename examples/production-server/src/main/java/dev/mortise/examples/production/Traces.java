package dev.mortise.examples.production;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.observe.ServerTracing;
import dev.mortise.mcp.observe.TraceInjector;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Micrometer's observations, made into spans of OpenTelemetry, and sent by OTLP. */
final class Traces implements TraceInjector, AutoCloseable {
    private static final String SCOPE = "mortise";

    private final ServerTracing calls;
    private final SdkTracerProvider provider;
    private final OtelTracer tracer;
    private final OtelPropagator propagator;

    private Traces(SdkTracerProvider provider, ObservationRegistry observations, double share) {
        this.provider = provider;
        tracer = new OtelTracer(provider.get(SCOPE), new OtelCurrentTraceContext(), event -> {});
        propagator = new OtelPropagator(
                ContextPropagators.create(W3CTraceContextPropagator.getInstance()), provider.get(SCOPE));
        observations
                .observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        ServerTracing.Builder tracing = ServerTracing.builder(observations).injector(this);
        // All of them: then there is nothing to decide beforehand.
        calls = (share < 1 ? tracing.sampling(share) : tracing).build();
    }

    /** Sends them where OTEL_EXPORTER_OTLP_ENDPOINT says; unless it is set nothing is traced, which costs nothing. */
    static Traces of(Settings settings) {
        SdkTracerProviderBuilder provider = SdkTracerProvider.builder()
                // Which calls are traced is decided before anything is made; what is made for them follows.
                .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(
                                AttributeKey.stringKey("service.name"), settings.get(Setting.OTEL_SERVICE_NAME)))));
        Optional<String> endpoint = settings.find(Setting.OTEL_EXPORTER_OTLP_ENDPOINT);
        endpoint.ifPresent(given -> {
            String url = given.endsWith("/v1/traces") ? given : given.replaceFirst("/*$", "/v1/traces");
            provider.addSpanProcessor(BatchSpanProcessor.builder(
                            OtlpHttpSpanExporter.builder().setEndpoint(url).build())
                    .build());
        });
        return new Traces(
                provider.build(),
                endpoint.isPresent() ? ObservationRegistry.create() : ObservationRegistry.NOOP,
                settings.share(Setting.OTEL_TRACES_SAMPLER_ARG));
    }

    ServerTracing ofCalls() {
        return calls;
    }

    @Override
    public void inject(BiConsumer<String, String> carrier) {
        Span span = tracer.currentSpan();
        if (span != null) {
            propagator.inject(span.context(), carrier, (to, name, value) -> carrier.accept(name, value));
        }
    }

    /** Sends what was not sent yet. */
    @Override
    public void close() {
        provider.close();
    }
}
