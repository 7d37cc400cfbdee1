package io.libprocess.subprocess.child;

import io.libprocess.future.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** An executor of blocking calls in whose place no program of the system is to be started. */
public interface Programs extends Executor {

  /**
   * What is to be started.
   *
   * @param arguments the program, and its arguments
   * @param in whether its input is a pipe; it is empty otherwise
   * @param out whether its output is a pipe; it is dropped otherwise
   * @param err whether its error output is a pipe
   */
  record Request(List<String> arguments, boolean in, boolean out, boolean err) {}

  /**
   * Starts what stands for a program; called on one of its threads.
   *
   * @throws UnsupportedOperationException if nothing stands for it
   */
  Child start(Request request);

  /** The exit code of what it has started with a process id; empty if there is none. */
  Future<Optional<Integer>> exitCode(long pid);
}
