package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Streams that are consumed in a process. */
class StreamOnProcessTest {

  private static final class Adder extends Process<Adder> {
    private int sum;

    void add(int number) {
      sum += number;
    }

    int sum() {
      return sum;
    }
  }

  @Test
  void on_runsInTheProcess() {
    try (Node node = Node.start()) {
      Adder adder = new Adder();
      PID<Adder> pid = node.spawn(adder);
      Future<Void> done =
          Stream.iterate(1, i -> i + 1)
              .via(Transform.take(1000))
              .via(Transform.on(pid))
              .to(Sink.forEach(adder::add));
      Expect.ready(done);

      assertEquals(500_500, Expect.ready(pid.call(Adder::sum)));
    }
  }

  @Test
  void on_failsWhenTheProcessEndsWithWorkToDo() {
    try (Node node = Node.start()) {
      PID<Adder> pid = node.spawn(new Adder());
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Pipe<Integer> pipe = new Pipe<>(4);
      Future<Void> result =
          pipe.reader().stream()
              .via(Transform.on(pid))
              .to(
                  Sink.forEach(
                      i -> {
                        inside.countDown();
                        Expect.opened(go);
                      }));
      pipe.writer().write(1);
      Expect.opened(inside);
      node.terminate(pid);
      pipe.writer().write(2);
      go.countDown();

      assertInstanceOf(RejectedExecutionException.class, Expect.failure(result));
      assertInstanceOf(
          RejectedExecutionException.class,
          Expect.ready(pipe.writer().readerClosed()).orElseThrow());
    }
  }

  @Test
  void on_failsWhenTheProcessEndsWhileNothingComes() {
    try (Node node = Node.start()) {
      PID<Adder> pid = node.spawn(new Adder());
      Pipe<Integer> pipe = new Pipe<>(4);
      Future<Void> result = pipe.reader().stream().via(Transform.on(pid)).to(Sink.ignore());
      node.terminate(pid);

      assertInstanceOf(RejectedExecutionException.class, Expect.failure(result));
      assertTrue(pipe.writer().readerClosed().isReady());
    }
  }

  @Test
  void on_failsIfTheProcessHasEndedBefore() {
    try (Node node = Node.start()) {
      PID<Adder> pid = node.spawn(new Adder());
      node.terminate(pid);
      node.await(pid);
      Future<Void> result = Stream.of(1, 2).via(Transform.on(pid)).to(Sink.ignore());

      assertTrue(Expect.failure(result) instanceof RejectedExecutionException);
    }
  }
}
