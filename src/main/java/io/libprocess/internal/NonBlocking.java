package io.libprocess.internal;

/** A thread that others depend on to go on, so that it must not wait for a log. */
public interface NonBlocking {

  /** Whether it must not wait at the moment. Called on the thread itself. */
  boolean mustNotBlock();
}
