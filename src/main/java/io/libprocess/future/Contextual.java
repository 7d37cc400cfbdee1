package io.libprocess.future;

import io.libprocess.internal.ContextSlot;

/**
 * Binds functions to the current context: they then run in it, whichever thread calls them. In an
 * empty context, and before any context was set, a function is returned unchanged. This library
 * binds the functions it is given automatically; the class is for code that keeps functions of
 * others and calls them later.
 */
public final class Contextual {

  private Contextual() {}

  /** Binds a function. */
  public static <T, R> CheckedFunction<T, R> function(CheckedFunction<T, R> function) {
    return ContextSlot.isUsed() ? boundFunction(function) : function;
  }

  private static <T, R> CheckedFunction<T, R> boundFunction(CheckedFunction<T, R> function) {
    Object context = ContextSlot.get();
    if (context == null) {
      return function;
    }
    return value -> {
      Object outer = ContextSlot.enter(context);
      try {
        return function.apply(value);
      } finally {
        ContextSlot.exit(outer);
      }
    };
  }

  /** Binds a function that takes a value and returns nothing. */
  public static <T> CheckedConsumer<T> consumer(CheckedConsumer<T> consumer) {
    return ContextSlot.isUsed() ? boundConsumer(consumer) : consumer;
  }

  private static <T> CheckedConsumer<T> boundConsumer(CheckedConsumer<T> consumer) {
    Object context = ContextSlot.get();
    if (context == null) {
      return consumer;
    }
    return value -> {
      Object outer = ContextSlot.enter(context);
      try {
        consumer.accept(value);
      } finally {
        ContextSlot.exit(outer);
      }
    };
  }

  /** Binds a function that takes nothing. */
  public static <T> CheckedSupplier<T> supplier(CheckedSupplier<T> supplier) {
    return ContextSlot.isUsed() ? boundSupplier(supplier) : supplier;
  }

  private static <T> CheckedSupplier<T> boundSupplier(CheckedSupplier<T> supplier) {
    Object context = ContextSlot.get();
    if (context == null) {
      return supplier;
    }
    return () -> {
      Object outer = ContextSlot.enter(context);
      try {
        return supplier.get();
      } finally {
        ContextSlot.exit(outer);
      }
    };
  }

  /** Binds an action. */
  public static CheckedRunnable runnable(CheckedRunnable action) {
    return ContextSlot.isUsed() ? boundRunnable(action) : action;
  }

  private static CheckedRunnable boundRunnable(CheckedRunnable action) {
    Object context = ContextSlot.get();
    if (context == null) {
      return action;
    }
    return () -> {
      Object outer = ContextSlot.enter(context);
      try {
        action.run();
      } finally {
        ContextSlot.exit(outer);
      }
    };
  }
}
