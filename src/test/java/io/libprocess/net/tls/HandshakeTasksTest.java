package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.net.Transport;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class HandshakeTasksTest {

  private static final Executor REFUSING =
      call -> {
        throw new RejectedExecutionException("no thread can be started");
      };

  private static <T> T answering(Class<T> type, Object answer) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer);
    return type.cast(made);
  }

  /** It need not be because the node is closed. */
  @Test
  void tasksThatCannotBeBegun_sayWhy() throws Exception {
    Transport.Threads threads = answering(Transport.Threads.class, REFUSING);
    Transport.Channel channel = answering(Transport.Channel.class, threads);
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();

    SSLException failure =
        assertThrows(SSLException.class, () -> HandshakeTasks.run(engine, channel, thrown -> {}));

    assertEquals("no thread can be started", failure.getMessage());
  }
}
