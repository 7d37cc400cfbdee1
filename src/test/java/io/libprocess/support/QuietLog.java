package io.libprocess.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * On a test or test class that provokes warnings and errors: what is logged appears on the console
 * only if the test fails.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(QuietLog.Extension.class)
public @interface QuietLog {

  /** Captures the log of each test. */
  final class Extension implements BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(QuietLog.class);

    @Override
    public void beforeEach(ExtensionContext context) {
      context.getStore(NAMESPACE).put(LogCapture.class, new LogCapture());
    }

    @Override
    public void afterEach(ExtensionContext context) {
      LogCapture log = context.getStore(NAMESPACE).remove(LogCapture.class, LogCapture.class);
      log.close();
      if (context.getExecutionException().isPresent()) {
        System.err.println(context.getDisplayName() + " logged:\n" + log.format());
      }
    }
  }
}
