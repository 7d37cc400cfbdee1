package io.libprocess.http.channel;

/** Work on a connection, or on a part of it, that goes on when it is asked to. */
@FunctionalInterface
public interface Resumable {

  /** Asks for the work to go on, after something has changed. May be called on any thread. */
  void ask();
}
