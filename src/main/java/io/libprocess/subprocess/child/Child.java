package io.libprocess.subprocess.child;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.Optional;

/** A child process that was started. All methods may be called from any thread; none blocks. */
public interface Child {

  /** The process id. */
  long pid();

  /** The end of its input that is written to; empty unless that is a pipe. */
  Optional<Pipe.Writer<Chunk>> in();

  /** The end of its output that is read; empty unless that is a pipe. */
  Optional<Pipe.Reader<Chunk>> out();

  /** The end of its error output that is read; empty unless that is a pipe. */
  Optional<Pipe.Reader<Chunk>> err();

  /** Ready with the exit code when it has ended; never failed, and shared by all callers. */
  Future<Integer> exitCode();

  /** Sends a signal to it alone; ready with whether it was there to receive it. */
  Future<Boolean> signal(int number);

  /** Kills it and its descendants; ready when the signal has been sent to all of them. */
  Future<Void> killTree();

  /** Asks it and its descendants to end, and kills those that have not ended after a time. */
  void endTree(Duration grace);
}
