package io.libprocess.simulation.program;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.simulation.engine.Machine;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.subprocess.child.Child;
import io.libprocess.subprocess.child.Programs;
import java.time.Duration;
import java.util.Optional;

/**
 * A function that runs in place of a child process. Between it and its parent there is a pipe of
 * either's own in each direction, so that code of the one never runs inside of a step of the other.
 */
final class SimulatedChild implements Child {

  private static final int TERM = 15;
  private static final int KILL = 9;
  private static final int SIGNALLED = 128;
  private static final int FAILED = 1;

  private final Machine machine;
  private final String name;
  private final long pid;
  private final Pipe<Chunk> toInput = Pipe.bytes(); // What the parent writes,
  private final Pipe<Chunk> input = Pipe.bytes(); // and the program reads.
  private final Pipe<Chunk> output = Pipe.bytes(); // What the program writes,
  private final Pipe<Chunk> fromOutput = Pipe.bytes(); // and the parent reads.
  private final Pipe<Chunk> errors = Pipe.bytes();
  private final Programs.Request request;
  private final Promise<Integer> exitCode = Promise.undiscardable();

  private Future<Integer> result; // Null until the function has returned.
  private int signalled; // The last signal that asked it to end; 0 if there was none.

  SimulatedChild(Machine machine, String name, long pid, Programs.Request request) {
    this.machine = machine;
    this.name = name;
    this.pid = pid;
    this.request = request;
  }

  /** Has the function run, which may wait, and its input and output carried. */
  void begin(ProgramTable.Body body) {
    if (!request.in()) {
      toInput.writer().close();
    }
    if (!request.out()) {
      fromOutput.reader().close();
    }
    carry(toInput.reader(), input.writer(), false);
    carry(output.reader(), fromOutput.writer(), !request.out());
    machine.apart(() -> run(body));
  }

  private void run(ProgramTable.Body body) {
    if (!exitCode.future().isPending()) {
      return; // It was killed before it began.
    }
    Future<Integer> running;
    try {
      var arguments = request.arguments();
      running = body.run(arguments.subList(1, arguments.size()), input.reader(), output.writer());
    } catch (Exception | AssertionError thrown) {
      running = Future.failed(thrown);
    }
    result = running == null ? Future.failed("it returned null instead of a future") : running;
    if (signalled != 0) {
      result.discard();
    }
    result.onAny(ended -> machine.apart(() -> ended(code(ended))));
  }

  private int code(Future<Integer> ended) {
    if (ended.isReady() && ended.get() != null) {
      return ended.get();
    }
    if (ended.isDiscarded()) {
      return SIGNALLED + (signalled == 0 ? TERM : signalled);
    }
    if (exitCode.future().isPending()) {
      Log.error(
          () -> "The program " + this + " failed",
          ended.isFailed() ? ended.failure() : new NullPointerException("its exit code is null"));
    }
    return FAILED;
  }

  private void ended(int code) {
    input.reader().close();
    output.writer().close();
    errors.writer().close();
    exitCode.set(code);
  }

  /** Carries what comes out of one pipe into another, or drops it. */
  private void carry(Pipe.Reader<Chunk> from, Pipe.Writer<Chunk> to, boolean drop) {
    Futures.<Optional<Chunk>, Void>loop(
            machine::apart,
            from::read,
            chunk -> {
              if (chunk.isEmpty()) {
                return Future.of(ControlFlow.breakWith(null));
              }
              if (drop) {
                chunk.get().release();
                return Future.of(ControlFlow.proceed());
              }
              return to.write(chunk.get())
                  .map(
                      accepted -> {
                        if (!accepted) {
                          chunk.get().release();
                          from.close(); // As after SIGPIPE, whoever writes is told.
                        }
                        return accepted ? ControlFlow.proceed() : ControlFlow.breakWith(null);
                      });
            })
        .onAny(end -> to.close());
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public Optional<Pipe.Writer<Chunk>> in() {
    return request.in() ? Optional.of(toInput.writer()) : Optional.empty();
  }

  @Override
  public Optional<Pipe.Reader<Chunk>> out() {
    return request.out() ? Optional.of(fromOutput.reader()) : Optional.empty();
  }

  @Override
  public Optional<Pipe.Reader<Chunk>> err() {
    return request.err() ? Optional.of(errors.reader()) : Optional.empty();
  }

  @Override
  public Future<Integer> exitCode() {
    return exitCode.future();
  }

  /** Any signal asks the function to end, by a discard; KILL does not wait for what it answers. */
  @Override
  public Future<Boolean> signal(int number) {
    if (!exitCode.future().isPending()) {
      return Future.of(false);
    }
    signalled = number;
    machine.apart(
        () -> {
          if (result != null) {
            result.discard();
          }
          if (number == KILL) {
            ended(SIGNALLED + KILL);
          }
        });
    return Future.of(true);
  }

  @Override
  public Future<Void> killTree() {
    signal(KILL);
    return Future.done();
  }

  @Override
  public void endTree(Duration grace) {
    signal(TERM);
    machine.clock().timer(grace, () -> signal(KILL));
  }

  @Override
  public String toString() {
    return name + " (pid " + pid + ")";
  }
}
