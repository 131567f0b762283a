package dev.mortise.mcp.json;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A schema as the validator library runs it, fenced in: nothing is loaded, the work of one validation is bounded,
 * and whatever cannot be decided within the bounds counts as a violation.
 */
final class CompiledSchema {
    static final int MAX_VIOLATIONS = 20;

    /** One step is one keyword at one place: about a microsecond. Deep enough for any value within the depth limit. */
    private static final ExecutionConfig LIMITS = limits(false);

    private static final ExecutionConfig LIMITS_WITH_FORMATS = limits(true);

    /** Knows the meta-schemas, which come out of the library's own archive. User schemas are never compiled here. */
    private static final SchemaRegistry META_SCHEMAS = SchemaRegistry.withDefaultDialect(
            com.networknt.schema.dialect.Dialects.getDraft202012(),
            registry -> registry.schemaRegistryConfig(config(false)));

    private final Schema schema;
    private final ExecutionConfig limits;
    private final boolean patterns;

    private CompiledSchema(Schema schema, ExecutionConfig limits, boolean patterns) {
        this.schema = schema;
        this.limits = limits;
        this.patterns = patterns;
    }

    /** Compiles a schema that is within {@link SchemaBounds} and that nobody will change any more. */
    static CompiledSchema of(JsonNode schema, boolean checkFormats) {
        Dialect dialect = Dialects.of(schema);
        LocalReferences.check(schema, dialect.getIdKeyword());
        checkAgainstMetaSchema(schema, dialect);
        Dialect used = checkFormats ? Dialects.checking(dialect, Formats.CHECKED) : dialect;
        SchemaRegistry registry = SchemaRegistry.withDialects(
                List.of(used),
                builder -> builder.schemaRegistryConfig(config(true))
                        .schemaCacheEnabled(false)
                        .schemaLoader(loader -> loader.block(iri -> true)));
        try {
            Schema compiled = registry.getSchema(schema);
            compiled.initializeValidators();
            return new CompiledSchema(compiled, checkFormats ? LIMITS_WITH_FORMATS : LIMITS, hasPattern(schema));
        } catch (SchemaException e) {
            throw new InvalidSchema("The schema cannot be used: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new InvalidSchema("The schema refers to itself in too many ways; simplify it");
        }
    }

    List<Violation> validate(JsonNode instance) {
        return patterns ? BoundedRegex.budgeted(() -> run(instance)) : run(instance);
    }

    private List<Violation> run(JsonNode instance) {
        Evaluation evaluation = new Evaluation(limits);
        try {
            schema.validate(evaluation, instance);
        } catch (ValidationLimitExceededException | BoundedRegex.Exhausted | SchemaException e) {
            return List.of(new Violation("", "could not be checked: that takes more work than is allowed"));
        } catch (JacksonException e) {
            // The library reads a number as 64 bits where the schema has both "integer" and a bound.
            return List.of(new Violation("", "could not be checked: a number in it is far too large"));
        }
        List<Error> errors = evaluation.getErrors();
        return errors.isEmpty() ? List.of() : ViolationText.of(errors, schema.getSchemaNode(), MAX_VIOLATIONS);
    }

    private static void checkAgainstMetaSchema(JsonNode schema, Dialect dialect) {
        Schema metaSchema = META_SCHEMAS.getSchema(SchemaLocation.of(dialect.getId()));
        Evaluation evaluation = new Evaluation(LIMITS);
        try {
            metaSchema.validate(evaluation, schema);
        } catch (ValidationLimitExceededException e) {
            throw new InvalidSchema("The schema is too large to be checked; simplify it");
        }
        if (!evaluation.getErrors().isEmpty()) {
            List<Violation> violations = ViolationText.of(evaluation.getErrors(), metaSchema.getSchemaNode(), 3);
            throw new InvalidSchema("The schema is not valid JSON Schema (" + dialect.getId() + "): "
                    + Violation.describe(violations).replace("\n", "; "));
        }
    }

    private static boolean hasPattern(JsonNode node) {
        if (node.has("pattern") || node.has("patternProperties")) {
            return true;
        }
        for (JsonNode child : node) {
            if (hasPattern(child)) {
                return true;
            }
        }
        return false;
    }

    private static SchemaRegistryConfig config(boolean boundedPatterns) {
        SchemaRegistryConfig.Builder config = SchemaRegistryConfig.builder()
                .locale(Locale.ROOT)
                .pathType(PathType.JSON_POINTER)
                .preloadSchema(false);
        if (boundedPatterns) {
            config.regularExpressionFactory(BoundedRegex::of);
        }
        return config.build();
    }

    private static ExecutionConfig limits(boolean checkFormats) {
        return ExecutionConfig.builder()
                .formatAssertionsEnabled(checkFormats)
                .maxEvaluationSteps(1_000_000)
                .maxEvaluationDepth(1_000)
                .build();
    }

    /** Stops collecting when there is enough to report; a place that has failed stays failed. */
    private static final class Evaluation extends ExecutionContext {
        Evaluation(ExecutionConfig limits) {
            super(limits);
        }

        @Override
        public void addError(Error error) {
            if (getErrors().size() < MAX_VIOLATIONS) {
                super.addError(error);
            }
        }
    }
}
