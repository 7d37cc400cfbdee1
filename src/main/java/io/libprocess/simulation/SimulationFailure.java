package io.libprocess.simulation;

/** A simulation failed; the text is the report. */
public final class SimulationFailure extends AssertionError {

  private static final long serialVersionUID = 1L;

  /**
   * Makes a failure.
   *
   * @param report its text
   * @param cause what was thrown, or null
   */
  public SimulationFailure(String report, Throwable cause) {
    super(report, cause);
  }
}
