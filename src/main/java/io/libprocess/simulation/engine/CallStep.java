package io.libprocess.simulation.engine;

/** A blocking call begins. */
final class CallStep extends Step {

  private final Helpers helpers;
  private final Runnable body;

  CallStep(Helpers helpers, Machine machine, Runnable body) {
    super(machine);
    this.helpers = helpers;
    this.body = body;
  }

  @Override
  void take() {
    helpers.run(machine, body);
  }

  @Override
  StepTrace.Kind kind() {
    return StepTrace.Kind.ASYNC;
  }
}
