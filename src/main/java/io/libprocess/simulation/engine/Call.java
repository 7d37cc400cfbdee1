package io.libprocess.simulation.engine;

/** A blocking call begins. */
final class Call extends Step {

  private final Helpers helpers;
  private final Runnable body;

  Call(Helpers helpers, Machine machine, Runnable body) {
    super(machine);
    this.helpers = helpers;
    this.body = body;
  }

  @Override
  void take() {
    helpers.run(machine, body);
  }

  @Override
  Trace.Kind kind() {
    return Trace.Kind.ASYNC;
  }
}
