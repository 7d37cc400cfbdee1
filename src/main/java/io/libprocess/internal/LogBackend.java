package io.libprocess.internal;

/** The backend to which {@link System.Logger} writes in this JVM. Thread-safe. */
public final class LogBackend {

  private LogBackend() {}

  /** The name of its module, or of its class if it is not in a named module. */
  public static String name() {
    Class<?> finder = System.LoggerFinder.getLoggerFinder().getClass();
    String module = finder.getModule().getName();
    return module == null ? finder.getName() : module;
  }

  /** Whether it is {@code java.util.logging}. */
  public static boolean isJul() {
    return name().equals("java.logging");
  }
}
