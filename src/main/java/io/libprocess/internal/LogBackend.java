package io.libprocess.internal;

/** What {@link System.Logger} writes to in this JVM. For any thread. */
public final class LogBackend {

  private LogBackend() {}

  /** The name of its module, or of its class if it is in none. */
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
