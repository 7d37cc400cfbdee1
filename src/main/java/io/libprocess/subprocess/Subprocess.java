package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.subprocess.child.Child;
import io.libprocess.subprocess.child.Programs;
import java.time.Duration;
import java.util.Optional;

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
 * <p><b>Output.</b> The child is held back while its output is not read: up to 64 KiB wait here for
 * the reader, and as much again in the system's pipe; then the child's writes block, and its status
 * stays pending. So read before waiting for the status. An output ends when the child has ended and
 * everything it wrote has been read, even if a process that it started still holds the pipe; later
 * output of such a process is lost. A child that closes an output early does not end it sooner.
 * Output of an idle child is seen within about 16 ms, or a fifth of a millisecond for each idle
 * output if there are more than 80; after a write to the child's input it is seen at once.
 *
 * <p><b>Input.</b> Up to 64 KiB wait here while the child is behind; a platform thread waits with
 * those bytes.
 *
 * <p><b>Ends.</b> A child that has ended leaves nothing in the system, whether its handle is held
 * or not: it is reaped and the pipes are closed. Its last output can still be read. Children
 * outlive the JVM unless they are killed.
 */
public final class Subprocess implements AutoCloseable {

  private final Command command;
  private final Child child;

  Subprocess(Command command, Child child) {
    this.command = command;
    this.child = child;
  }

  /**
   * Waits for the end of any process of the system. If it was started by a command of this JVM, the
   * future is ready with its status. Otherwise it is ready without one, since the system tells the
   * status only to the parent: when the process is gone, which is noticed within about 100 ms, or a
   * second if 500 are waited for; and at once if there is no process with this pid. A process that
   * has ended is gone when its parent takes notice. A later process with the same pid is not
   * mistaken for it.
   *
   * <p>The future never fails and is never discarded: a discard request does nothing. Callbacks run
   * on the same threads as those of a command started by the calling thread. (libprocess: {@code
   * process::reap}.) On the threads of a simulated host its programs are the only processes.
   */
  public static Future<Optional<ExitStatus>> reap(long pid) {
    if (BlockingThreads.current() instanceof Programs programs) {
      return programs.exitCode(pid).map(code -> code.map(ExitStatus::new)).undiscardable();
    }
    boolean simulated = Thread.currentThread() instanceof WaitsForTasks;
    return simulated ? Future.of(Optional.empty()) : Reaper.reap(pid);
  }

  /** The process id; it may belong to another process once the child has ended. */
  public long pid() {
    return child.pid();
  }

  /**
   * The child's standard input; empty unless it is a pipe. Closing it gives the child an
   * end-of-file. A write is ready with false if the child has ended or has stopped reading.
   */
  public Optional<Pipe.Writer<Chunk>> in() {
    return child.in();
  }

  /** The child's standard output; empty unless it is a pipe. */
  public Optional<Pipe.Reader<Chunk>> out() {
    return child.out();
  }

  /** The child's standard error; empty unless it is a pipe. */
  public Optional<Pipe.Reader<Chunk>> err() {
    return child.err();
  }

  /**
   * A future that is ready when the child has ended; never failed. A discard request discards this
   * future, and affects neither the child nor other results of this method. (libprocess: one future
   * for all.)
   */
  public Future<ExitStatus> status() {
    return child.exitCode().discardable().map(ExitStatus::new); // Discarded, it leaves nothing.
  }

  /** Kills the child unconditionally, and no other process: {@link Signal#KILL}. */
  public Future<Boolean> kill() {
    return kill(Signal.KILL);
  }

  /**
   * Sends a signal to the child and to no other process. {@link Signal#TERM} and {@link
   * Signal#KILL} are sent at once, others with the shell's {@code kill}. (libprocess: {@code
   * os::kill}.)
   *
   * @return whether the child was there to receive it
   */
  public Future<Boolean> kill(Signal signal) {
    return child.signal(signal.number());
  }

  /**
   * Kills the child and all its descendants, from the top down. A process that is started at that
   * very moment may escape, and so does one whose parent has already ended: to the system it no
   * longer descends from the child. (libprocess: {@code os::killtree}.)
   *
   * @return ready when the signal has been sent to all of them
   */
  public Future<Void> killTree() {
    return child.killTree();
  }

  /**
   * Asks the child and all its descendants to end, with {@link Signal#TERM}, and kills those that
   * have not ended after a time, by the clock of the calling thread. Processes that are started
   * meanwhile are killed too: they are looked for every few milliseconds. Only a process whose
   * parent ends immediately after starting it may escape.
   *
   * @param grace the time before the remaining ones are killed
   * @return the same as {@link #status}
   */
  public Future<ExitStatus> destroyTree(Duration grace) {
    child.endTree(requireNonNull(grace, "grace"));
    return status();
  }

  /**
   * Closes this side of the pipes, which the child may notice, and does not kill it. Bytes written
   * to its input before still get there. Idempotent.
   */
  @Override
  public void close() {
    in().ifPresent(Pipe.Writer::close);
    out().ifPresent(Pipe.Reader::close);
    err().ifPresent(Pipe.Reader::close);
  }

  /** A description for people: the command and the process id. */
  @Override
  public String toString() {
    return command + " (pid " + pid() + ")";
  }
}
