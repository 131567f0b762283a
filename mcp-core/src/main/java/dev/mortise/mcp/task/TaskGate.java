package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Decides at each call of a tool whether it becomes a task, and when. */
final class TaskGate implements Interceptor {
    private final RunningServer server;
    private final TaskRunner runner;
    private final TaskWire wire;
    private final LegacyTaskWire legacyWire;
    private final TaskMode otherwise;

    TaskGate(RunningServer server, TaskRunner runner, TaskWire wire, LegacyTaskWire legacyWire, TaskMode otherwise) {
        this.legacyWire = legacyWire;
        this.server = server;
        this.runner = runner;
        this.wire = wire;
        this.otherwise = otherwise;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        if (call.target().kind() != Target.Kind.TOOL || !call.target().exists()) {
            return chain.proceed(call);
        }
        TaskMode mode = call.get(Tasks.MODE).orElse(otherwise);
        Optional<LegacyTasks.Wish> wish = call.get(LegacyTasks.WISH);
        if (wish.isPresent()) {
            // The client decides, as far as the tool can be a task at all.
            return switch (mode) {
                case TaskMode.Never never ->
                    new Outcome.Refused(new Refusal.MethodNotFound("tools/call as a task, of this tool"));
                case TaskMode.Always always -> atOnce(call, chain);
                case TaskMode.After after -> atOnce(call, chain);
            };
        }
        boolean declared = call.context().capabilities().supportsExtension(Tasks.ID);
        return switch (mode) {
            case TaskMode.Never never -> chain.proceed(call);
            case TaskMode.Always always when declared -> atOnce(call, chain);
            case TaskMode.Always always -> always.required() ? ServerMethod.missing(Tasks.ID) : chain.proceed(call);
            case TaskMode.After after -> declared ? later(call, chain, after.foreground()) : chain.proceed(call);
        };
    }

    private Outcome atOnce(Call call, Chain chain) {
        Optional<Refusal> objection = server.objection(call);
        if (objection.isPresent()) {
            return new Outcome.Refused(objection.get());
        }
        return switch (runner.enrol(call, isRepeatable(call))) {
            case TaskRunner.Enrolment.Full full -> new Outcome.Refused(full.refusal());
            case TaskRunner.Enrolment.Enrolled enrolled -> {
                runner.work(enrolled.run(), () -> enrolled.run().call().run(chain));
                yield created(call, enrolled.task());
            }
        };
    }

    private Outcome later(Call call, Chain chain, Duration foreground) {
        CompletableFuture<Outcome> work = new CompletableFuture<>();
        Thread.ofVirtual().name("mortise-call").start(() -> {
            try {
                work.complete(chain.proceed(call));
            } catch (RuntimeException | Error e) {
                work.completeExceptionally(e);
            }
        });
        try {
            return work.get(foreground.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return call.cancellation().isCancelled() ? inTheEnd(work) : promoted(call, work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Refused(new Refusal.Cancelled());
        } catch (ExecutionException e) {
            throw new IllegalStateException("The rest of the chain threw", e.getCause());
        }
    }

    private Outcome promoted(Call call, CompletableFuture<Outcome> work) {
        return switch (runner.enrol(call, isRepeatable(call))) {
            // Better a client that waits than work that is thrown away.
            case TaskRunner.Enrolment.Full full -> inTheEnd(work);
            case TaskRunner.Enrolment.Enrolled enrolled -> {
                runner.work(enrolled.run(), () -> enrolled.run().call().checked(inTheEnd(work)));
                yield created(call, enrolled.task());
            }
        };
    }

    private static Outcome inTheEnd(CompletableFuture<Outcome> work) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Refused(new Refusal.Cancelled());
        } catch (ExecutionException e) {
            throw new IllegalStateException("The rest of the chain threw", e.getCause());
        }
    }

    private Outcome created(Call call, Task task) {
        boolean wished = call.get(LegacyTasks.WISH).isPresent();
        ExtensionResult created = wished ? legacyWire.created(task) : ExtensionResult.of(wire.brief(task));
        return new Outcome.Extended(Tasks.ID, created.withResultType("task"));
    }

    private boolean isRepeatable(Call call) {
        return server.tool(call.caller(), call.target().name())
                .map(Tool::definition)
                .map(definition -> definition.annotations())
                .map(ToolAnnotations::idempotent)
                .orElse(false);
    }
}
