package io.libprocess.simulation.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The streams of random numbers of a run. What belongs to one host or link draws from a stream of
 * its own: so its numbers stay the same if something else is left out, as is tried when a failure
 * is made smaller. For the thread with the baton.
 */
final class RandomStreams {

  private final long seed;
  private final StepTrace trace;
  private final Engine engine;
  private final Map<String, Draws> named = new LinkedHashMap<>();
  private final Map<String, List<Draws>> groups = new LinkedHashMap<>();
  private final Set<String> lives = new HashSet<>(); // By value.

  /** No stream has been asked for. */
  RandomStreams(long seed, StepTrace trace, Engine engine) {
    this.seed = seed;
    this.trace = trace;
    this.engine = engine;
  }

  /** The stream of a name. */
  Draws draws(String name) {
    return named.computeIfAbsent(name, this::stream);
  }

  /** A new stream for a member of a group, by which its numbers are counted. */
  Draws draws(String group, String member) {
    Draws stream = stream(group + "/" + member);
    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(stream);
    return stream;
  }

  private Draws stream(String name) {
    return trace.isFull()
        ? new Draws(
            seed,
            name,
            trace.hash(),
            number -> trace.draw(engine.time(), engine.steps(), name, number))
        : new Draws(seed, name, trace.hash());
  }

  /**
   * A name for the life of a machine that starts at a time. It depends on that time alone, so a
   * start keeps its numbers if an earlier one is left out.
   */
  String life(String machine, long time) {
    StringBuilder life = new StringBuilder(machine);
    if (time > 0) {
      life.append('@').append(time / 1_000_000);
    }
    while (!lives.add(life.toString())) {
      life.append('+');
    }
    return life.toString();
  }

  /** How many numbers have been drawn of each stream, or group. */
  Map<String, Long> drawn() {
    Map<String, Long> counts = new LinkedHashMap<>();
    named.forEach((name, draws) -> counts.put(name, draws.drawn()));
    groups.forEach(
        (name, members) ->
            counts.merge(name, members.stream().mapToLong(Draws::drawn).sum(), Long::sum));
    return counts;
  }
}
