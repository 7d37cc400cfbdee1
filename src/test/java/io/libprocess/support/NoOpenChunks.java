package io.libprocess.support;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.stream.bytes.ChunkPool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Collection;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks a test or test class that moves chunks: after each test all memory of the pool that was
 * borrowed during it must have been given back, at once or soon.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NoOpenChunks.Extension.class)
public @interface NoOpenChunks {

  /** Checks after each test. */
  final class Extension implements BeforeEachCallback, AfterEachCallback {

    private static final long LOOK_MILLIS = 5;

    @Override
    public void beforeEach(ExtensionContext context) {
      ChunkPool.shared().track();
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
      long end = System.nanoTime() + Expect.LIMIT.toNanos();
      while (!ChunkPool.shared().openSince().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(LOOK_MILLIS);
      }
      Collection<Throwable> open = ChunkPool.shared().openSince();
      ChunkPool.shared().forget();
      assertTrue(
          open.isEmpty(), () -> open.size() + " chunks are open, of which one was " + of(open));
    }

    private static String of(Collection<Throwable> open) {
      StringWriter text = new StringWriter();
      open.iterator().next().printStackTrace(new PrintWriter(text));
      return text.toString();
    }
  }
}
