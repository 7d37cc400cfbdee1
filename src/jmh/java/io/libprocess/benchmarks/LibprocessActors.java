package io.libprocess.benchmarks;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import java.util.List;
import java.util.function.Consumer;

/** Actors that are processes of this library. */
final class LibprocessActors implements Actors {

  private final Node node = Node.start(Config.builder().build());

  private static final class Actor extends Process<Actor> {
    private final Handler handler;

    Actor(Handler handler) {
      this.handler = handler;
    }
  }

  /** A dispatch that carries a message, as a capturing lambda would. */
  private record Tell(Object message) implements CheckedConsumer<Actor> {
    @Override
    public void accept(Actor actor) {
      actor.handler.receive(message);
    }
  }

  private record Ask(Object request) implements CheckedFunction<Actor, Object> {
    @Override
    public Object apply(Actor actor) {
      return request;
    }
  }

  @SuppressWarnings("unchecked") // References come from spawn.
  private static PID<Actor> pid(Object actor) {
    return (PID<Actor>) actor;
  }

  @Override
  public Object spawn(Handler handler) {
    return node.spawn(new Actor(handler));
  }

  @Override
  public void tell(Object to, Object message) {
    pid(to).dispatch(new Tell(message));
  }

  @Override
  public Object spawnResponder() {
    return spawn(message -> {});
  }

  @Override
  public void ask(Object to, Object request, Consumer<Object> onReply) {
    pid(to).call(new Ask(request)).onReady(onReply::accept);
  }

  @Override
  public void stop(List<Object> actors) {
    for (Object actor : actors) {
      node.terminate(pid(actor), false);
    }
    for (Object actor : actors) {
      node.await(pid(actor));
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
