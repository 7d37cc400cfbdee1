package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Two nodes on a scheduler, clocks and a network of the test's own, which one thread runs: they
 * link, post and serve HTTP without any thread, time or socket of the system.
 */
class OneThreadTest {

  /** Answers pings and requests, and adds everything that happens to it to the world's trace. */
  private static final class Friend extends Process<Friend> {

    private final World world;

    Friend(World world) {
      super(Id.generate("friend"));
      this.world = world;
    }

    void note(String what) {
      world.note(id() + " " + what + " on " + Thread.currentThread().getName());
    }

    @Override
    protected void initialize() {
      note("starts at " + clock().now());
      install("ping", (from, body) -> answer(from, body));
      install(
          "pong", (from, body) -> note("gets pong " + new String(body, StandardCharsets.UTF_8)));
      route(
          "/",
          "",
          request -> {
            note("serves " + request.path());
            return Future.of(Response.ok(id()));
          });
      Async.async(() -> "async").onReady(this::note);
    }

    private void answer(UPID from, byte[] body) {
      note("gets ping");
      send(from, "pong", body);
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      note("hears that " + pid + " " + exit.reason());
    }
  }

  static Node start(World.Host host) {
    try {
      return NodeStart.start(
          Config.builder().clock(host.clock()).ip(host.ip()).port(0).build(), host.runtime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks the conditions that hold for every run; returns the run's trace. */
  private static List<String> live(World world) {
    Node one = start(world.host());
    Node two = start(world.host());
    Friend first = new Friend(world);
    PID<Friend> here = one.spawn(first);
    List<PID<Friend>> there = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      there.add(two.spawn(new Friend(world)));
    }
    world.settle();

    there.forEach(pid -> here.dispatch(friend -> friend.link(pid)));
    Future<Delivery> delivery =
        one.postConfirmed(here, there.get(1), "ping", "!".getBytes(StandardCharsets.UTF_8));
    Future<Response> answer =
        one.http().get(Url.of(two.address()).withTarget("/" + there.get(2).id()));
    Future<Response> help = two.http().get(Url.of(one.address()).withTarget("/help"));
    world.settle();

    assertEquals(Delivery.ACCEPTED, delivery.get());
    assertEquals("friend(4)", answer.get().text());
    assertEquals(200, help.get().status().code());

    one.clock().timer(Duration.ofHours(1), () -> world.note("an hour is over"));
    world.runFor(Duration.ofMinutes(59));
    assertNotHappened(world.trace(), "an hour is over");
    world.runFor(Duration.ofMinutes(2));

    two.terminate(there.get(0));
    world.settle();
    two.close();
    world.settle();
    one.close();
    return world.trace();
  }

  @Test
  void nodes_linkPostAndServeInOneThread() throws Exception {
    Set<String> before = threads();
    List<String> trace = World.run(OneThreadTest::live);

    assertHappened(trace, "friend(1) starts at 2000-01-01T00:00:00Z on world");
    assertHappened(trace, "friend(3) gets ping on world");
    assertHappened(trace, "friend(1) gets pong ! on world");
    assertHappened(trace, "friend(4) serves /friend(4) on world");
    assertHappened(trace, "friend(1) async on world");
    assertHappened(trace, "friend(1) hears that friend(2)@10.0.0.2:5050 TERMINATED on world");
    assertHappened(trace, "an hour is over");
    for (int i = 2; i <= 4; i++) {
      String gone = "friend(1) hears that friend(" + i + ")@10.0.0.2:5050 ";
      assertEquals(1, trace.stream().filter(line -> line.contains(gone)).count(), gone);
    }
    Set<String> started = threads();
    started.removeAll(before);
    assertEquals(Set.of(), started);
  }

  @Test
  void sameWorld_runsTheSameWayAgain() throws Exception {
    List<String> first = World.run(OneThreadTest::live);
    List<String> second = World.run(OneThreadTest::live);

    assertTrue(first.size() > 100, first.toString());
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      assertEquals(first.get(i), second.get(i), "step " + i);
    }
    assertEquals(first.size(), second.size());
  }

  private static void assertHappened(List<String> trace, String what) {
    assertTrue(
        trace.stream().anyMatch(line -> line.endsWith(" " + what)),
        what + " is not in\n" + String.join("\n", trace));
  }

  private static void assertNotHappened(List<String> trace, String what) {
    assertTrue(trace.stream().noneMatch(line -> line.endsWith(" " + what)), what);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("libprocess"))
        .collect(Collectors.toSet());
  }
}
