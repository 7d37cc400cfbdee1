package io.libprocess.service.balance;

/** The load of one endpoint. For any thread. */
interface NodeLoad {

  /** The load now. */
  double get();

  /**
   * A request begins.
   *
   * @return to be given to {@link #end}
   */
  long begin();

  /** A request is over. */
  void end(long begun);
}
