package io.libprocess.simulation;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.List;

/** A function that stands for a program of the system on a host: see {@link Host#program}. */
@FunctionalInterface
public interface Program {

  /**
   * Runs it, on a thread of the world that may wait for futures.
   *
   * @param arguments those of the command, without the program
   * @param in what the parent writes to its input; at its end if that is no pipe
   * @param out its output; what is written is dropped if that is no pipe
   * @return its exit code. If it is discarded, the program was ended by a signal; if it fails, the
   *     program exits with 1, and the run fails unless the failure is {@linkplain World#expect
   *     expected}
   */
  Future<Integer> run(List<String> arguments, Pipe.Reader<Chunk> in, Pipe.Writer<Chunk> out)
      throws Exception;
}
