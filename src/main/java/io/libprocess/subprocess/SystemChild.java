package io.libprocess.subprocess;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.subprocess.child.Child;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A child process of the operating system. */
final class SystemChild implements Child {

  private final Process process;
  private final ProcessHandle handle; // Unlike Process, it kills without closing the pipes.
  private final Executor executor;
  private final Optional<InputPump> in;
  private final Optional<OutputPump> out;
  private final Optional<OutputPump> err;
  private final Promise<Integer> exitCode = Promise.undiscardable();

  private SystemChild(Command command, Process process, Executor executor) {
    this.process = process;
    this.handle = process.toHandle();
    this.executor = executor;
    out = when(command.out(), () -> new OutputPump(process.getInputStream(), executor));
    err = when(command.err(), () -> new OutputPump(process.getErrorStream(), executor));
    in =
        when(
            command.in(),
            () -> new InputPump(process.getOutputStream(), this::execute, this::expectOutput));
  }

  private static <T> Optional<T> when(Stdio stdio, Supplier<T> pump) {
    return stdio.isPipe() ? Optional.of(pump.get()) : Optional.empty();
  }

  /** Starts a command, which takes as long as a fork. */
  static SystemChild start(Command command, Executor executor) {
    SystemChild child = new SystemChild(command, Launch.start(command), executor);
    child.begin();
    return child;
  }

  private void begin() {
    Reaper.add(this);
    out.ifPresent(OutputPump::start);
    err.ifPresent(OutputPump::start);
    in.ifPresent(InputPump::start);
    process.onExit().whenComplete((ended, impossible) -> execute(this::ended));
  }

  private void expectOutput() {
    out.ifPresent(OutputPump::resume);
    err.ifPresent(OutputPump::resume);
  }

  private void ended() {
    out.ifPresent(OutputPump::childEnded);
    err.ifPresent(OutputPump::childEnded);
    in.ifPresent(InputPump::childEnded);
    Reaper.remove(this);
    exitCode.set(process.exitValue());
  }

  private void execute(Runnable task) {
    EnsuredTask.to(executor, task, task);
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Optional<Pipe.Writer<Chunk>> in() {
    return in.map(InputPump::writer);
  }

  @Override
  public Optional<Pipe.Reader<Chunk>> out() {
    return out.map(OutputPump::reader);
  }

  @Override
  public Optional<Pipe.Reader<Chunk>> err() {
    return err.map(OutputPump::reader);
  }

  @Override
  public Future<Integer> exitCode() {
    return exitCode.future();
  }

  @Override
  public Future<Boolean> signal(int number) {
    if (!process.isAlive()) {
      return Future.of(false);
    }
    if (number == Signal.TERM.number()) {
      return Future.of(handle.destroy());
    }
    if (number == Signal.KILL.number()) {
      return Future.of(handle.destroyForcibly());
    }
    return Command.shell("kill -" + number + " " + pid())
        .in(Stdio.nothing())
        .out(Stdio.nothing())
        .err(Stdio.nothing())
        .executor(executor)
        .start()
        .then(Subprocess::status)
        .map(ExitStatus::isSuccess);
  }

  @Override
  public Future<Void> killTree() {
    return call(
        () -> {
          new TreeEnd(handle).killAll();
          return null;
        });
  }

  @Override
  public void endTree(Duration grace) {
    Clock clock = Clock.current();
    Runnable begin = () -> new TreeEnd(handle).begin(clock, grace);
    execute(begin);
  }

  private <T> Future<T> call(CheckedSupplier<T> supplier) {
    Promise<T> result = new Promise<>();
    execute(
        () -> {
          T value;
          try {
            value = supplier.get();
          } catch (Throwable thrown) {
            result.fail(thrown);
            return;
          }
          result.set(value);
        });
    return result.future();
  }
}
