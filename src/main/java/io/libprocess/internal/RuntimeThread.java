package io.libprocess.internal;

/** A daemon thread, other than a worker, that takes turns. */
public class RuntimeThread extends Thread {

  RunLoop turn;

  /** A daemon thread that will run {@code body} in the given turn. */
  public RuntimeThread(String name, RunLoop turn, Runnable body) {
    super(body, name);
    this.turn = turn;
    turn.thread = this;
    setDaemon(true);
  }

  @Override
  public void run() {
    turn.bindContext();
    super.run();
  }
}
