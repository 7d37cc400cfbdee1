package io.libprocess.support;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Keeps what tests log off the console, except the log of a test that fails, which is printed with
 * its name. Registered for all tests as a service; many of them provoke warnings and errors.
 */
public final class LogOfFailedTests implements BeforeEachCallback, AfterEachCallback {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LogOfFailedTests.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(LogCapture.class, new LogCapture());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    LogCapture log = context.getStore(NAMESPACE).remove(LogCapture.class, LogCapture.class);
    log.close();
    boolean failed =
        context
            .getExecutionException()
            .filter(e -> !(e instanceof TestAbortedException))
            .isPresent();
    if (failed && !log.records().isEmpty()) {
      System.err.println(context.getDisplayName() + " logged:\n" + log.format());
    }
  }
}
