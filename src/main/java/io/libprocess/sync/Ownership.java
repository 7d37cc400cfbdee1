package io.libprocess.sync;

import java.util.function.Consumer;

/** An object and what is to be done with it when nobody holds it any more. */
record Ownership<T>(T object, Consumer<? super T> whenDropped) {

  void end() {
    whenDropped.accept(object);
  }
}
