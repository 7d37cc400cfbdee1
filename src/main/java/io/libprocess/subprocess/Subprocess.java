package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A child process that was started: see {@link Command}. All methods may be called from any thread
 * and none blocks. Callbacks of the futures run on the command's executor.
 *
 * <pre>{@code
 * Future<ExitStatus> status =
 *     Command.shell("make").start()
 *         .then(make -> make.status()
 *             .after(Duration.ofMinutes(5), late -> {
 *               make.killTree();
 *               return late;
 *             }));
 * }</pre>
 *
 * <p><b>Output.</b> The child is held back while nobody reads: up to 64 KiB wait here for the
 * reader, and as much again in the system's pipe; then the child's writes block, and its status
 * stays pending. So read before waiting for the status. An output ends when the child has ended and
 * all that it wrote is read, also if a process that it started still holds the pipe; what such a
 * one writes later is lost. A child that closes an output early ends it no sooner. What a child
 * that was idle writes is seen within about 16 ms, or a fifth of a millisecond for each idle output
 * if there are more than 80; after a write to its input at once.
 *
 * <p><b>Input.</b> Up to 64 KiB wait here while the child is behind; a platform thread waits with
 * them.
 *
 * <p><b>Ends.</b> A child that has ended leaves nothing in the system, whether its handle is held
 * or not: it is reaped and the pipes are closed. What it wrote last can still be read. Children
 * outlive the JVM unless they are killed.
 */
public final class Subprocess implements AutoCloseable {

  private final Command command;
  private final Process process;
  private final ProcessHandle handle; // Unlike the process, it kills without closing the pipes.
  private final Executor executor;
  private final Optional<InputPump> in;
  private final Optional<OutputPump> out;
  private final Optional<OutputPump> err;
  private final Promise<ExitStatus> status = new Promise<>();

  Subprocess(Command command, Process process, Executor executor) {
    this.command = command;
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

  void begin() {
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
    status.set(new ExitStatus(process.exitValue()));
  }

  private void execute(Runnable task) {
    Handover.to(executor, task, task);
  }

  /**
   * Waits for the end of a process of the system, whoever has started it. Ready with the status if
   * a command of this JVM has. Otherwise ready with nothing, since the system tells the status only
   * to the parent: when the process has gone, which is noticed within about 100 ms, or a second if
   * 500 are waited for; and at once if there is none with this pid, or no longer. A process that
   * has ended goes when its parent takes notice. One that gets the pid later is not mistaken for
   * it.
   *
   * <p>Never failed, never discarded: a discard request does nothing. Callbacks run where those of
   * a command do that the calling thread starts. (libprocess: {@code process::reap}.)
   */
  public static Future<Optional<ExitStatus>> reap(long pid) {
    return Reaper.reap(pid);
  }

  /** The process id; it may belong to another process once the child has ended. */
  public long pid() {
    return process.pid();
  }

  /**
   * What the child reads; empty unless it is a pipe. Closing it is the child's end-of-file. A write
   * is ready with false if the child has ended or does not want to read any more.
   */
  public Optional<Pipe.Writer<Chunk>> in() {
    return in.map(InputPump::writer);
  }

  /** The child's standard output; empty unless it is a pipe. */
  public Optional<Pipe.Reader<Chunk>> out() {
    return out.map(OutputPump::reader);
  }

  /** The child's standard error; empty unless it is a pipe. */
  public Optional<Pipe.Reader<Chunk>> err() {
    return err.map(OutputPump::reader);
  }

  /**
   * A future that is ready when the child has ended; never failed. A discard request ends it as
   * discarded, and does nothing to the child, nor to what others got from this method. (libprocess:
   * one future for all.)
   */
  public Future<ExitStatus> status() {
    return status.future().discardable(); // One that is discarded leaves nothing behind.
  }

  /** Kills the child, and nothing else, whatever it does: {@link Signal#KILL}. */
  public Future<Boolean> kill() {
    return kill(Signal.KILL);
  }

  /**
   * Sends a signal to the child and to nothing else. {@link Signal#TERM} and {@link Signal#KILL}
   * are sent at once, others with the shell's {@code kill}. (libprocess: {@code os::kill}.)
   *
   * @return whether the child was there to get it
   */
  public Future<Boolean> kill(Signal signal) {
    requireNonNull(signal, "signal");
    if (!process.isAlive()) {
      return Future.of(false);
    }
    if (signal.equals(Signal.TERM)) {
      return Future.of(handle.destroy());
    }
    if (signal.equals(Signal.KILL)) {
      return Future.of(handle.destroyForcibly());
    }
    return Command.shell("kill -" + signal.number() + " " + pid())
        .in(Stdio.nothing())
        .out(Stdio.nothing())
        .err(Stdio.nothing())
        .executor(executor)
        .start()
        .then(Subprocess::status)
        .map(ExitStatus::isSuccess);
  }

  /**
   * Kills the child and all that descend from it, from the top down. One that is started in just
   * that moment may escape, and so does one whose parent has ended before: to the system it does
   * not descend from the child any more. (libprocess: {@code os::killtree}.)
   *
   * @return ready when all have been sent the signal
   */
  public Future<Void> killTree() {
    return call(
        () -> {
          new TreeEnd(handle).killAll();
          return null;
        });
  }

  /**
   * Asks the child and all that descend from it to end, with {@link Signal#TERM}, and kills those
   * that have not done so after a time, by the clock of the calling thread. Those that are started
   * meanwhile are killed too: they are looked for every few milliseconds. Only one whose parent
   * ends at once after it has started it may escape.
   *
   * @param grace how long they have
   * @return as {@link #status}
   */
  public Future<ExitStatus> destroyTree(Duration grace) {
    requireNonNull(grace, "grace");
    Clock clock = Clock.current();
    Runnable begin = () -> new TreeEnd(handle).begin(clock, grace);
    execute(begin);
    return status();
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

  /**
   * Closes this side of the pipes, which the child may notice, and does not kill it. What was
   * written to its input before still gets there. Idempotent.
   */
  @Override
  public void close() {
    in().ifPresent(Pipe.Writer::close);
    out().ifPresent(Pipe.Reader::close);
    err().ifPresent(Pipe.Reader::close);
  }

  /** The command and the process id; for people. */
  @Override
  public String toString() {
    return command + " (pid " + pid() + ")";
  }
}
