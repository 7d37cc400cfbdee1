package io.libprocess.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Async;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.Subprocess;
import io.libprocess.support.Expect;
import io.libprocess.sync.Mutex;
import io.libprocess.sync.Queue;
import io.libprocess.sync.RateLimiter;
import io.libprocess.sync.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A function runs in the context in which it was registered, whoever makes it run. */
@Timeout(100)
class PropagationTest {

  private static final ContextKey<String> NAME = ContextKey.local("name");

  private final Node node = Node.start();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    node.close();
  }

  /** Callbacks run in contexts of their own. */
  @Test
  void whoeverRunsCallbacks_isInItsContextAfterwards() {
    Promise<Integer> promise = new Promise<>();
    for (Future<Integer> future : List.of(promise.future(), promise.future().map(value -> value))) {
      future.onDiscard(this::note).onAbandoned(this::note).onAny(done -> note());
    }
    in(
        "mine",
        () -> {
          promise.future().discard();
          assertEquals("mine", name());
          promise.abandon();
          assertEquals("mine", name());
          promise.set(1);
          assertEquals("mine", name());
          return null;
        });
    assertEquals("none", name());
    assertEquals(Collections.nCopies(5, "none"), List.copyOf(seen));
  }

  private static String name() {
    return NAME.current().orElse("none");
  }

  private void note() {
    seen.add(name());
  }

  private static <R> R in(String name, Context.Body<R, RuntimeException> body) {
    return Context.with(NAME, name, body);
  }

  private static void runIn(String name, Runnable body) {
    Context.empty().with(NAME, name).run(body);
  }

  /** Registers something in a context, in another one and in none; has it run in a third one. */
  private void check(CheckedConsumer<Runnable> register, Runnable trigger) throws Exception {
    List<String> expected = new ArrayList<>();
    for (String name : List.of("a", "b", "none")) {
      Runnable registration =
          () -> {
            try {
              register.accept(this::note);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          };
      if (name.equals("none")) {
        registration.run();
      } else {
        runIn(name, registration);
      }
      expected.add(name);
    }
    runIn("producer", trigger);
    List<String> all = new ArrayList<>();
    expected.forEach(name -> all.add(Expect.next(seen)));
    all.sort(null);
    assertEquals(expected, all);
    assertTrue(Context.current().isEmpty());
  }

  @Test
  void callbacks_runWhereTheyWereRegistered() throws Exception {
    Promise<Integer> ready = new Promise<>();
    check(note -> ready.future().onReady(v -> note.run()), () -> ready.set(1));
    check(note -> ready.future().onAny(v -> note.run()), () -> {});
    Promise<Integer> any = new Promise<>();
    check(note -> any.future().onAny(v -> note.run()), () -> any.set(1));
    Promise<Integer> failed = new Promise<>();
    check(note -> failed.future().onFailed(e -> note.run()), () -> failed.fail("no"));
    Promise<Integer> discarded = new Promise<>();
    check(note -> discarded.future().onDiscarded(note::run), discarded::discard);
    Promise<Integer> asked = new Promise<>();
    check(note -> asked.future().onDiscard(note::run), () -> asked.future().discard());
    Promise<Integer> abandoned = new Promise<>();
    check(note -> abandoned.future().onAbandoned(note::run), abandoned::abandon);
  }

  @Test
  void combinators_runTheirFunctionsWhereTheyWereApplied() throws Exception {
    Promise<Integer> map = new Promise<>();
    check(note -> map.future().map(v -> noted(note)), () -> map.set(1));
    Promise<Integer> then = new Promise<>();
    check(note -> then.future().then(v -> Future.of(noted(note))), () -> then.set(1));
    Promise<Integer> repair = new Promise<>();
    check(note -> repair.future().repair(f -> Future.of(noted(note))), () -> repair.fail("no"));
    Promise<Integer> recover = new Promise<>();
    check(note -> recover.future().recover(f -> Future.of(noted(note))), recover::discard);
    Promise<Integer> left = new Promise<>();
    check(note -> left.future().recover(f -> Future.of(noted(note))), left::abandon);
    Promise<Integer> after = new Promise<>();
    check(
        note -> after.future().after(Duration.ofMillis(1), f -> Future.of(noted(note))), () -> {});
    Promise<Integer> loop = new Promise<>();
    check(
        note ->
            Futures.<Integer, Integer>loop(
                loop::future, v -> Future.of(ControlFlow.breakWith(noted(note)))),
        () -> loop.set(1));
  }

  private static int noted(Runnable note) {
    note.run();
    return 0;
  }

  @Test
  void deepChains_whichPutOffTheirSteps_keepTheirContexts() {
    List<String> wrong = new ArrayList<>();
    runIn(
        "deep",
        () -> {
          Future<Integer> end = recursion(1000, wrong);
          assertEquals(0, Expect.ready(end));
        });
    assertEquals(List.of(), wrong);
  }

  private static Future<Integer> recursion(int left, List<String> wrong) {
    if (!name().equals("deep")) {
      wrong.add(left + ": " + name());
    }
    Promise<Integer> step = new Promise<>();
    Future<Integer> next =
        step.future().then(v -> left == 0 ? Future.of(0) : recursion(left - 1, wrong));
    in("producer", () -> step.set(1));
    return next;
  }

  @Test
  void stagesOfTheJdk_completeWhatRunsWhereItWasRegistered() throws Exception {
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    Future<Integer> future = Future.from(stage);
    check(note -> future.map(v -> noted(note)), () -> stage.complete(1));
  }

  @Test
  void timersAndBlockingCalls_runWhereTheyWereStarted() throws Exception {
    check(note -> node.clock().timer(Duration.ofMillis(1), note), () -> {});
    check(note -> Async.run(note::run), () -> {});
    check(note -> node.async(() -> noted(note)), () -> {});
  }

  @Test
  void endsOfSubprocesses_areNotedWhereThatWasAskedFor() throws Exception {
    Subprocess child = Expect.ready(in("starter", () -> Command.shell("exec sleep 100").start()));
    check(note -> child.status().onReady(status -> note.run()), () -> child.kill());
  }

  /* ---------------- Processes ---------------- */

  private final class Recorder extends Process<Recorder> {

    @Override
    protected void initialize() {
      note();
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      note();
    }

    @Override
    protected void finish() {
      note();
    }

    void watch(UPID pid) {
      link(pid);
    }

    void later(Runnable note) {
      delay(Duration.ofMillis(1), self -> note.run());
    }
  }

  @Test
  void processes_serveEachEventInTheContextOfItsSender() throws Exception {
    PID<Recorder> pid = node.spawn(new Recorder());
    Expect.next("none", seen);
    check(note -> pid.dispatch(p -> note.run()), () -> {});
    check(note -> pid.call(p -> noted(note)), () -> {});
    check(note -> pid.callAsync(p -> Future.of(noted(note))), () -> {});
    check(pid::execute, () -> {});
    check(note -> pid.dispatch(p -> p.later(note)), () -> {});
    check(note -> pid.defer((p, v) -> note.run()).accept(1), () -> {});
    Promise<Integer> promise = new Promise<>();
    check(
        note -> {
          CheckedConsumer<Object> deferred = pid.defer((p, v) -> note.run());
          in("registration", () -> promise.future().onReady(deferred));
        },
        () -> promise.set(1));
    assertEquals("none", Expect.ready(pid.call(p -> name())), "nothing is left");
  }

  @Test
  void lifeCycles_runInNoContext() {
    PID<Recorder> linked = in("a", () -> node.spawn(new Recorder()));
    Expect.next("none", seen);
    PID<Recorder> linker = in("a", () -> node.spawn(new Recorder()));
    Expect.next("none", seen);
    in(
        "a",
        () ->
            Expect.ready(
                linker.call(
                    p -> {
                      p.watch(linked);
                      return 1;
                    })));
    runIn("a", () -> node.terminate(linked));
    Expect.next("none", seen);
    Expect.next("none", seen);
  }

  @Test
  void processWaitedForInsideAnotherEvent_hasItsOwnContext() {
    PID<Recorder> outer = node.spawn(new Recorder());
    Expect.next("none", seen);
    in(
        "a",
        () ->
            Expect.ready(
                outer.call(
                    p -> {
                      PID<Recorder> inner = node.spawn(new Recorder());
                      node.terminate(inner);
                      node.await(inner);
                      note();
                      return 0;
                    })));
    Expect.next("none", seen);
    Expect.next("none", seen);
    Expect.next("a", seen);
  }

  /* ---------------- Primitives and streams ---------------- */

  @Test
  void waiters_goOnInTheirContexts() throws Exception {
    Queue<Integer> queue = new Queue<>();
    check(
        note -> queue.get().onReady(v -> note.run()),
        () -> {
          for (int i = 0; i < 3; i++) {
            queue.put(i);
          }
        });
    Mutex mutex = new Mutex();
    mutex.lock();
    check(note -> mutex.hold(() -> Future.of(noted(note))), mutex::unlock);
    Sequence sequence = new Sequence();
    Promise<Integer> first = new Promise<>();
    sequence.add(first::future);
    check(note -> sequence.add(() -> Future.of(noted(note))), () -> first.set(1));
    RateLimiter limiter = new RateLimiter(1, Duration.ofMillis(1));
    Expect.ready(limiter.acquire());
    check(note -> limiter.acquire().onReady(v -> note.run()), () -> {});
  }

  @Test
  void streams_runTheirFunctionsWhereTheyWereStarted() throws Exception {
    Promise<Integer> element = new Promise<>();
    check(
        note ->
            Stream.of(1)
                .via(Transform.mapAsync(1, v -> element.future().discardable()))
                .map(v -> noted(note))
                .to(Sink.ignore()),
        () -> element.set(1));
    List<Pipe<Integer>> pipes = new ArrayList<>();
    check(
        note -> {
          Pipe<Integer> pipe = new Pipe<>(4);
          pipes.add(pipe);
          pipe.reader().stream().to(Sink.forEach(v -> note.run()));
        },
        () -> pipes.forEach(pipe -> pipe.writer().write(1)));
  }
}
