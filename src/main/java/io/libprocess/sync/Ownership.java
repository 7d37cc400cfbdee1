package io.libprocess.sync;

import java.util.function.Consumer;

/** An object and the action for it when its last handle is gone. */
record Ownership<T>(T object, Consumer<? super T> whenDropped) {

  void end() {
    whenDropped.accept(object);
  }
}
