package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The manifests, read by the types of Kubernetes' own definitions: a field that there is not is a failure. */
class KubernetesTest {
    private static final Path FOLDER = Kit.DEPLOY.resolve("kubernetes");
    private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "mortise");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 Namespace",
            Namespace.class,
            "v1 ConfigMap",
            ConfigMap.class,
            "v1 Service",
            Service.class,
            "v1 PersistentVolumeClaim",
            PersistentVolumeClaim.class,
            "apps/v1 Deployment",
            Deployment.class,
            "policy/v1 PodDisruptionBudget",
            PodDisruptionBudget.class,
            "autoscaling/v2 HorizontalPodAutoscaler",
            HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1 Ingress",
            Ingress.class,
            "networking.k8s.io/v1 NetworkPolicy",
            NetworkPolicy.class,
            "batch/v1 CronJob",
            CronJob.class);

    /** Its types collect fields that they do not know; here that is an error. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return Boolean.FALSE;
                }
            })
            .build();

    private static final List<HasMetadata> ALL = new ArrayList<>();

    @BeforeAll
    static void read() throws Exception {
        ALL.clear();
        for (Path file : Kit.files(FOLDER, ".yaml")) {
            for (Map<?, ?> document : Kit.documents(file)) {
                ALL.add(typed(document));
            }
        }
    }

    private static HasMetadata typed(Map<?, ?> document) {
        String kind = document.get("apiVersion") + " " + document.get("kind");
        assertThat(KINDS).containsKey(kind);
        return STRICT.convertValue(document, KINDS.get(kind));
    }

    private static <T> T only(Class<T> type) {
        List<T> found = ALL.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void aFieldThatThereIsNotIsAFailure() throws Exception {
        Map<Object, Object> document =
                new HashMap<>(Kit.documents(FOLDER.resolve("deployment.yaml")).getFirst());
        Map<Object, Object> spec = new HashMap<>((Map<?, ?>) document.get("spec"));
        spec.put("replica", 3);
        document.put("spec", spec);
        assertThatThrownBy(() -> typed(document)).hasMessageContaining("replica");
    }

    @Test
    void everyKindIsThereAndInOneNamespace() {
        assertThat(ALL.stream().map(Object::getClass).distinct().count()).isEqualTo(KINDS.size());
        assertThat(ALL)
                .filteredOn(one -> !(one instanceof Namespace))
                .allSatisfy(one -> assertThat(one.getMetadata().getNamespace())
                        .as(one.toString())
                        .isEqualTo("mortise"));
    }

    @Test
    void threeReplicasWithinTheirMeansAndWithoutRights() {
        Deployment deployment = only(Deployment.class);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
        Container container = server();
        Map<String, Quantity> requests = container.getResources().getRequests();
        Map<String, Quantity> limits = container.getResources().getLimits();
        assertThat(requests).containsEntry("memory", new Quantity("512Mi")).containsEntry("cpu", new Quantity("250m"));
        assertThat(limits).containsEntry("memory", new Quantity("1Gi")).containsEntry("cpu", new Quantity("500m"));
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getRunAsNonRoot())
                .isTrue();
        assertThat(Stream.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())
                        .map(probe -> probe.getHttpGet().getPath()))
                .containsExactly("/health/start", "/health/ready", "/health/live");
    }

    private static Container server() {
        return only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    @Test
    void whatPointsAtThePodsFindsThem() {
        assertThat(only(Deployment.class).getSpec().getTemplate().getMetadata().getLabels())
                .isEqualTo(LABELS);
        assertThat(only(Deployment.class).getSpec().getSelector().getMatchLabels())
                .isEqualTo(LABELS);
        assertThat(only(Service.class).getSpec().getSelector()).isEqualTo(LABELS);
        assertThat(only(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
                .isEqualTo(LABELS);
        assertThat(only(HorizontalPodAutoscaler.class)
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo(only(Deployment.class).getMetadata().getName());
        assertThat(only(Ingress.class).getSpec().getRules().getFirst().getHttp().getPaths())
                .allSatisfy(path -> assertThat(path.getBackend().getService().getName())
                        .isEqualTo(only(Service.class).getMetadata().getName()))
                .extracting(path -> path.getPath())
                .doesNotContain("/", "/metrics", "/admin");
    }

    /** Whoever has used up a plan is sent to /plans, which leads to /account and what that loads and posts to. */
    @Test
    void usersReachWhatTheServerSendsThemTo() {
        assertThat(List.of(
                        "/mcp",
                        "/.well-known/oauth-protected-resource/mcp",
                        "/webhooks/stripe",
                        "/plans",
                        "/account",
                        "/account/account.css",
                        "/account/icon.svg",
                        "/account/session",
                        "/account/upgrade",
                        "/account/end"))
                .allMatch(KubernetesTest::isRouted);
        assertThat(List.of("/", "/console", "/console/console.css", "/admin/billing", "/metrics", "/health/ready"))
                .noneMatch(KubernetesTest::isRouted);
    }

    private static boolean isRouted(String path) {
        return only(Ingress.class).getSpec().getRules().getFirst().getHttp().getPaths().stream()
                .anyMatch(rule -> path.equals(rule.getPath())
                        || rule.getPathType().equals("Prefix") && path.startsWith(rule.getPath() + "/"));
    }

    /** A reference names one secret, which is made by a script and is in no file. */
    @Test
    void secretsAreReferences() throws Exception {
        List<EnvVar> secrets = Stream.concat(server().getEnv().stream(), backup().getEnv().stream())
                .filter(variable -> variable.getValueFrom().getSecretKeyRef() != null)
                .toList();
        String script = Files.readString(FOLDER.resolve("create-secret"));
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(5).allSatisfy(variable -> {
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("mortise");
            assertThat(script)
                    .contains("\n" + variable.getValueFrom().getSecretKeyRef().getKey() + "=");
        });
        assertThat(script).contains("create secret generic mortise");
    }

    private static Container backup() {
        return only(CronJob.class)
                .getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }
}
