package io.libprocess.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/**
 * The operations that {@link ActorBenchmark} needs of an actor runtime; references are the
 * runtime's own.
 */
interface Actors extends AutoCloseable {

  /** The handler of an actor's messages; never called concurrently for one actor. */
  interface Handler {
    void receive(Object message);
  }

  Object spawn(Handler handler);

  void tell(Object to, Object message);

  /** Spawns an actor that answers a request with the request. */
  Object spawnResponder();

  void ask(Object to, Object request, Consumer<Object> onReply);

  /** Stops the actors and waits until all have stopped. */
  void stop(List<Object> actors);

  @Override
  void close();

  static Actors create(String contender) {
    return switch (contender) {
      case "Libprocess" -> new LibprocessActors();
      case "JdkForkJoin" -> new JdkForkJoinActors();
      default -> throw new IllegalArgumentException("no contender '" + contender + "'");
    };
  }
}
