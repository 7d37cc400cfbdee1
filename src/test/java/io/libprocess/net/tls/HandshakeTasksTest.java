package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Transport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class HandshakeTasksTest {

  private final HandshakeTasks tasks = new HandshakeTasks();
  private final List<Runnable> begun = new ArrayList<>();
  private final List<Throwable> done = new ArrayList<>();
  private final SSLEngine engine = SSLContext.getDefault().createSSLEngine();
  private boolean refusing;

  HandshakeTasksTest() throws Exception {}

  private final Executor blocking =
      call -> {
        if (refusing) {
          throw new RejectedExecutionException("no thread can be started");
        }
        begun.add(call);
      };

  private static <T> T answering(Class<T> type, Function<Object[], Object> answer) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.apply(arguments));
    return type.cast(made);
  }

  private final Transport.Threads threads = answering(Transport.Threads.class, none -> blocking);

  /** Runs tasks, and otherwise only shows its threads. */
  private final Transport.Channel channel =
      answering(
          Transport.Channel.class,
          arguments -> {
            if (arguments != null && arguments[0] instanceof Runnable task) {
              task.run();
            }
            return threads;
          });

  private void start() throws SSLException {
    tasks.run(engine, channel, done::add);
  }

  /** It need not be because the node is closed. */
  @Test
  void tasksThatCannotBeBegun_sayWhy() throws Exception {
    refusing = true;
    for (int i = 0; i < 2 * HandshakeTasks.MOST; i++) { // None of them keeps a place.
      SSLException failure = assertThrows(SSLException.class, this::start);
      assertEquals("no thread can be started", failure.getMessage());
    }
    refusing = false;
    start();
    assertEquals(1, begun.size());
  }

  @Test
  void manyHandshakes_takeTurns() throws Exception {
    int all = 3 * HandshakeTasks.MOST;
    for (int i = 0; i < all; i++) {
      start();
    }
    assertEquals(HandshakeTasks.MOST, begun.size());
    begun.get(0).run();
    assertEquals(1, done.size());
    assertEquals(HandshakeTasks.MOST + 1, begun.size());
    for (int i = 1; i < all; i++) {
      begun.get(i).run();
    }
    assertEquals(all, done.size());
    assertTrue(done.stream().allMatch(Objects::isNull), done::toString);
    for (int i = 0; i < HandshakeTasks.MOST; i++) {
      start();
    }
    assertEquals(all + HandshakeTasks.MOST, begun.size());
  }

  @Test
  void handshakeThatWaits_isToldWhenItCannotBeBegun() throws Exception {
    for (int i = 0; i < HandshakeTasks.MOST + 2; i++) {
      start();
    }
    refusing = true;
    begun.get(0).run();
    assertEquals(3, done.size());
    assertEquals("no thread can be started", done.get(1).getMessage());
    assertEquals("no thread can be started", done.get(2).getMessage());
    refusing = false;
    start();
    assertEquals(HandshakeTasks.MOST + 1, begun.size());
  }
}
