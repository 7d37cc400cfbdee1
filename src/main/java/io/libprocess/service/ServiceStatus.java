package io.libprocess.service;

import static java.util.Objects.requireNonNull;

/** Whether a service takes requests now. The best status comes first. */
public enum ServiceStatus {
  /** Requests are likely to be served. */
  OPEN,
  /** Requests are taken but likely to fail; it may become open again by itself. */
  BUSY,
  /** Requests fail, and will go on to do so. */
  CLOSED;

  /** The worse of two: that of a whole which needs both of its parts. */
  public ServiceStatus worse(ServiceStatus other) {
    return compareTo(requireNonNull(other, "other")) >= 0 ? this : other;
  }

  /** The better of two: that of a whole which needs one of its parts. */
  public ServiceStatus better(ServiceStatus other) {
    return compareTo(requireNonNull(other, "other")) <= 0 ? this : other;
  }
}
