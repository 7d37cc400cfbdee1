package io.libprocess.simulation.engine;

import io.libprocess.future.Future;
import io.libprocess.internal.PromiseWatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The promises that were made in a world and not kept yet. Only they are remembered: those that
 * were kept are forgotten whenever there are twice as many as there were left the last time. For
 * the thread with the baton.
 */
public final class PendingFutures {

  private static final int LEAST = 1024;
  private static final String LIBRARY = "io.libprocess.";
  private static final List<String> INNER =
      List.of("java.", LIBRARY + "future.", LIBRARY + "internal.", LIBRARY + "simulation.engine.");
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** A promise. */
  private static final class Made {
    final Future<?> future;
    final Machine machine; // Null if it was made between two steps.
    final long time;
    final long step;
    final Object maker;
    final String place; // Null if that was not asked for.

    Made(Future<?> future, Machine machine, long time, long step, Object maker, String place) {
      this.future = future;
      this.machine = machine;
      this.time = time;
      this.step = step;
      this.maker = maker;
      this.place = place;
    }

    String label() {
      StringBuilder text = new StringBuilder("a future that ");
      text.append(maker == null ? "was made" : maker + " made").append(" at ");
      text.append(Engine.text(time)).append(" in step #").append(step);
      if (place != null) {
        text.append(", ").append(place);
      }
      return text.append(future.isAbandoned() ? ", abandoned" : "").toString();
    }
  }

  private final Engine engine;
  private final boolean places; // Whether it is to be said where they were made.
  private final Set<Object> detached = new LinkedHashSet<>();
  private final List<Future<?>> detachedFutures = new ArrayList<>(); // Whose sources may change.
  private final Set<Object> reasonless = new LinkedHashSet<>();
  private final List<Made> made = new ArrayList<>();
  private int most = LEAST;

  PendingFutures(Engine engine, boolean places) {
    this.engine = engine;
    this.places = places;
  }

  /** Lets the promises of all worlds be seen from now on. */
  public static void watch() {
    PromiseWatch.install(
        new PromiseWatch() {
          @Override
          public void made(Object future) {
            Engine world = InWorld.current();
            if (world != null) {
              world.pending().add((Future<?>) future);
            }
          }

          @Override
          protected void exempted(Object future) {
            Engine world = InWorld.current();
            if (world != null) {
              world.pending().forget(future);
            }
          }

          @Override
          public void abandoned(Object future) {
            Engine world = InWorld.current();
            if (world != null) {
              world.pending().abandoned(future);
            }
          }
        });
  }

  private void add(Future<?> future) {
    if (made.size() >= most) {
      forgetKept();
    }
    String place = places ? STACK.walk(PendingFutures::place) : null;
    made.add(new Made(future, engine.runs(), engine.time(), engine.steps(), engine.maker(), place));
  }

  private void forget(Object future) {
    for (int i = made.size() - 1; i >= 0; i--) { // It has just been made.
      if (made.get(i).future == future) {
        made.remove(i);
        return;
      }
    }
  }

  private void forgetKept() {
    made.removeIf(one -> !one.future.isPending() || isLost(one));
    most = Math.max(LEAST, 2 * made.size());
  }

  /** Whether nobody can keep it any more, because the host that made it has failed. */
  private boolean isLost(Made one) {
    // What the world's function has asked of a host is lost with that, whichever it was.
    return one.machine == engine.outside()
        ? one.step <= engine.lastDeath()
        : one.machine != null && one.machine.isDead();
  }

  /** The first frame outside of the library, or of the packages that only make futures. */
  private static String place(Stream<StackWalker.StackFrame> frames) {
    String library = null;
    for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
      if (frame.getDeclaringClass() == Engine.class) {
        break; // Below it is the world's function.
      }
      if (!isOfLibrary(frame.getDeclaringClass())) {
        return "at " + frame;
      }
      if (library == null && INNER.stream().noneMatch(frame.getClassName()::startsWith)) {
        library = "at " + frame;
      }
    }
    return library;
  }

  /** Whether it is a class of this library rather than one of its user, which may be its tests. */
  private static boolean isOfLibrary(Class<?> type) {
    return type.getName().startsWith("java.")
        || type.getName().startsWith(LIBRARY)
            && type.getProtectionDomain() == Future.class.getProtectionDomain();
  }

  /** The library gives up promises for a reason: what was to keep them is closed, or has ended. */
  private void abandoned(Object future) {
    boolean byLibrary =
        STACK.walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getDeclaringClass)
                    .filter(type -> !type.getName().startsWith(LIBRARY + "future."))
                    .filter(type -> type != PendingFutures.class)
                    .skip(1) // The watch.
                    .findFirst()
                    .map(PendingFutures::isOfLibrary)
                    .orElse(true));
    if (!byLibrary) {
      reasonless.add(future);
    }
  }

  /** A future that may be pending for ever, and with it what it waits for. */
  public void detach(Future<?> future) {
    detached.addAll(PromiseWatch.sourcesOf(future));
    detachedFutures.add(future);
  }

  private void detachSources() {
    detachedFutures.forEach(future -> detached.addAll(PromiseWatch.sourcesOf(future)));
    detachedFutures.removeIf(future -> !future.isPending());
  }

  /** What a machine has promised and not kept, or the world's function for null. */
  public List<String> of(Machine machine) {
    forgetKept();
    Machine wanted = machine == null ? engine.outside() : machine;
    return made.stream().filter(one -> one.machine == wanted).map(Made::label).toList();
  }

  /** What was given up without a reason, and what was promised and not kept, unless detached. */
  public List<String> broken() {
    forgetKept();
    detachSources();
    return made.stream()
        .filter(one -> PromiseWatch.sourcesOf(one.future).stream().noneMatch(detached::contains))
        .filter(one -> !one.future.isAbandoned() || reasonless.contains(one.future))
        .map(one -> (one.machine == null ? "" : one.machine.name() + " has ") + one.label())
        .toList();
  }
}
