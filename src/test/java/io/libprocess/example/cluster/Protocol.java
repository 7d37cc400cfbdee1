package io.libprocess.example.cluster;

import io.libprocess.Codec;

/** What a master and its agents say to each other. */
final class Protocol {

  /** From an agent, again and again: it is there. */
  static final String REGISTER = "register";

  /** To an agent: it was given up in that incarnation, and nobody waits for what it runs. */
  static final String LOST = "lost";

  /** To an agent, as a question: run a command. */
  static final String RUN = "run";

  /** From an agent: a command runs. */
  static final String RUNNING = "running";

  /**
   * The registration of an agent.
   *
   * @param incarnation grows each time the agent begins anew
   * @param slots how many commands it runs at a time
   */
  record Registration(long incarnation, int slots) {}

  /**
   * A command to run.
   *
   * @param incarnation of the agent that is meant
   */
  record Task(long id, int attempt, long incarnation, String command) {}

  /** The state of a task. */
  record Running(long id, int attempt, long pid) {}

  /** How a task has ended. */
  record Result(int exitCode, String output) {}

  static final Codec<Registration> REGISTRATION = Codec.json(Registration.class);
  static final Codec<Task> TASK = Codec.json(Task.class);
  static final Codec<Running> STATE = Codec.json(Running.class);
  static final Codec<Result> RESULT = Codec.json(Result.class);

  private Protocol() {}
}
