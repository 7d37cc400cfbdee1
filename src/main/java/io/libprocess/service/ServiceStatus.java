package io.libprocess.service;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Log;
import java.util.concurrent.atomic.AtomicLong;

/** Whether a service takes requests now. The best status comes first. */
public enum ServiceStatus {
  /** Requests are likely to be served. */
  OPEN,
  /** Requests are taken but likely to fail; it may become open again by itself. */
  BUSY,
  /** Requests fail, and will go on to do so. */
  CLOSED;

  private static final AtomicLong FAILURES = new AtomicLong(); // How many questions failed.

  /** The status of a service; {@link #CLOSED} if asking for it throws or gives null. */
  public static ServiceStatus of(Service<?, ?> service) {
    try {
      return known(service.status(), service);
    } catch (Throwable thrown) { // Of the user: an error harms no more than an exception.
      return unknown(service, thrown);
    }
  }

  /** The status of a factory; {@link #CLOSED} if asking for it throws or gives null. */
  public static ServiceStatus of(ServiceFactory<?, ?> factory) {
    try {
      return known(factory.status(), factory);
    } catch (Throwable thrown) {
      return unknown(factory, thrown);
    }
  }

  /** The status of a filter; {@link #CLOSED} if asking for it throws or gives null. */
  public static ServiceStatus of(Filter<?, ?, ?, ?> filter) {
    try {
      return known(filter.status(), filter);
    } catch (Throwable thrown) {
      return unknown(filter, thrown);
    }
  }

  private static ServiceStatus known(ServiceStatus status, Object asked) {
    return status != null ? status : unknown(asked, new NullPointerException("the status is null"));
  }

  /** Logs the first failure, the second, the fourth and so on: requests ask often. */
  private static ServiceStatus unknown(Object asked, Throwable thrown) {
    if (thrown instanceof StackOverflowError recursion) {
      throw recursion; // Which says nothing about what was asked.
    }
    if (Long.bitCount(FAILURES.incrementAndGet()) == 1) {
      Log.warning(() -> "Asking " + asked.getClass().getName() + " for its status failed", thrown);
    }
    return CLOSED;
  }

  /** The worse of two: that of a whole which needs both of its parts. */
  public ServiceStatus worse(ServiceStatus other) {
    return compareTo(requireNonNull(other, "other")) >= 0 ? this : other;
  }

  /** The better of two: that of a whole which needs one of its parts. */
  public ServiceStatus better(ServiceStatus other) {
    return compareTo(requireNonNull(other, "other")) <= 0 ? this : other;
  }
}
