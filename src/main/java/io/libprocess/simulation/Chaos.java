package io.libprocess.simulation;

/**
 * Points in code at which rare things become common in a simulated world, and never happen outside
 * of one: a buffer is small, a lease is refused, a retry comes early. In each run a point is
 * switched on with a probability of a quarter, and then says yes as often. A point may make legal
 * things rare or common, and must not make illegal ones happen.
 *
 * <p>In a {@linkplain SimulationConfig#swarm swarm} there are points below the library too, until
 * the world is healed: {@code scheduler.batch} lets a process serve many events in one step, {@code
 * clock.ties} lets timers be due together, {@code network.single-byte} lets one byte arrive alone,
 * {@code network.late-answer} lets a channel get bytes before {@code connect} has answered, {@code
 * network.full-queue} takes one byte of what is written and lets the rest wait, and {@code
 * memory.refused} refuses memory although there is some. They stand where the simulation takes the
 * place of threads, time and network, so that nothing asks for them elsewhere.
 *
 * <p>Any thread may ask; where there is no simulation that costs a look at one field.
 */
public final class Chaos {

  private static final double USUAL = 0.25;

  private static boolean simulated; // Written once, by the first simulation in this JVM.

  private Chaos() {}

  static void prepare() {
    simulated = true;
  }

  private static World world() {
    return simulated ? World.current() : null;
  }

  /** Whether something unusual is to happen at a point now. */
  public static boolean buggify(String point) {
    return buggify(point, USUAL);
  }

  /** Whether something unusual is to happen at a point that is switched on, with a probability. */
  public static boolean buggify(String point, double probability) {
    World world = world();
    return world != null && world.chance().happens(point, probability);
  }

  /** A usual number, or now and then another one between two bounds, which belong to them. */
  public static long range(String point, long usual, long least, long most) {
    World world = world();
    return world == null ? usual : world.chance().range(point, usual, least, most);
  }
}
