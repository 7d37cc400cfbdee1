package io.libprocess.testing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.Optional;

/**
 * A comparison of functions that treats those from the same place as equal; see {@link
 * EventPattern}.
 */
final class Functions {

  private final Object function;
  private final Optional<String> method; // The method it refers to, if known.

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
   * Makes a lambda replace itself by its {@link SerializedLambda}, which only serialization may do,
   * and writes nothing.
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
      return ""; // Neither the lambda nor its captured values are needed.
    }
  }

  @Override
  public String toString() {
    return method.orElse(function.getClass().getName());
  }
}
