package io.libprocess.simulation;

import io.libprocess.UPID;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.StepTrace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What is to hold in a world always, and what is hoped for. For the thread with the baton. */
final class Properties {

  /** After so many steps they are looked at unless something else is said. */
  static final int USUAL = 100;

  /** What is to hold after every so many steps, or, if there are some, those of processes. */
  private record Property(
      String name, int every, Set<String> processes, BooleanSupplier condition) {

    boolean isDue(long steps, Object subject) {
      return processes.isEmpty()
          ? steps % every == 0
          : subject instanceof UPID pid && processes.contains(pid.id());
    }
  }

  private final World world;
  private final List<Property> properties = new ArrayList<>();
  private final Map<String, BooleanSupplier> hoped = new LinkedHashMap<>();
  private final Map<String, Boolean> reached = new LinkedHashMap<>();
  private boolean observing; // Whether one goes by processes.

  Properties(World world) {
    this.world = world;
  }

  void always(String name, int every, Collection<String> processes, BooleanSupplier condition) {
    properties.add(new Property(name, every, new HashSet<>(processes), condition));
    observing |= !processes.isEmpty();
  }

  void sometimes(String name, BooleanSupplier condition) {
    hoped.put(name, condition);
    reached.putIfAbsent(name, false);
  }

  void afterStep() {
    Engine engine = world.engine();
    long steps = engine.steps();
    Object subject = observing ? engine.lastSubject() : null;
    for (int i = 0; i < properties.size(); i++) {
      Property property = properties.get(i);
      if (property.isDue(steps, subject)) {
        check(property);
      }
    }
    if (steps % USUAL == 0) {
      hope();
    }
  }

  void checkAll() {
    properties.forEach(this::check);
    hope();
  }

  private void check(Property property) {
    try {
      if (!property.condition.getAsBoolean()) {
        world.engine().fail("always \"" + property.name + "\"", "", null);
      }
    } catch (RuntimeException | AssertionError e) {
      world.engine().fail("always \"" + property.name + "\"", e.toString(), e);
    }
  }

  private void hope() {
    hoped.forEach(
        (name, condition) -> {
          if (!reached.get(name) && condition.getAsBoolean()) {
            reached.put(name, true);
            world.event(StepTrace.Kind.CHECK, null, "sometimes \"" + name + "\"");
          }
        });
  }

  /** Which of the hoped-for states were reached. */
  Map<String, Boolean> reached() {
    return reached;
  }
}
