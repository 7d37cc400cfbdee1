package io.libprocess.testing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.Optional;

/** The functions that count as the same as a given one; see {@link EventPattern}. */
final class Functions {

  private final Object function;
  private final Optional<String> method; // That it refers to, where it says so.

  private Functions(Object function) {
    this.function = function;
    this.method = method(function);
  }

  static Functions like(Object function) {
    return new Functions(function);
  }

  boolean match(Object other) {
    return function.equals(other)
        || function.getClass() == other.getClass()
        || method.isPresent() && method.equals(method(other));
  }

  private static Optional<String> method(Object function) {
    if (!(function instanceof Serializable)) {
      return Optional.empty();
    }
    Reader reader;
    try {
      reader = new Reader();
      reader.writeObject(function);
    } catch (IOException notALambda) {
      return Optional.empty();
    }
    return Optional.ofNullable(reader.method);
  }

  /**
   * Has a lambda replace itself by its {@link SerializedLambda}, which serialization may do
   * although nobody else may, and writes nothing.
   */
  private static final class Reader extends ObjectOutputStream {

    private String method; // Null unless a lambda was written.

    Reader() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object written) {
      if (written instanceof SerializedLambda lambda) {
        method =
            lambda.getImplClass()
                + "."
                + lambda.getImplMethodName()
                + lambda.getImplMethodSignature();
      }
      return ""; // Neither the lambda nor what it captured is wanted.
    }
  }

  @Override
  public String toString() {
    return method.orElse(function.getClass().getName());
  }
}
