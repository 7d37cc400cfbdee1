package io.libprocess.net.nio;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.internal.scheduler.Task;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Waits, on one event loop, until channels of the JDK are ready: several requests may wait for one
 * channel, which can be registered only once. Everything but {@link Request} belongs to the polling
 * thread; promises are completed in separate tasks, because their callbacks are user code.
 */
final class ChannelPolls {

  /** A request that waits for some operations of a channel. */
  static final class Request {

    private final SelectableChannel channel;
    private final int operations;
    private final Promise<Integer> promise = new Promise<>();

    /** Made in advance, so that a request that fails for lack of memory is completed, too. */
    private final Task completion = new OneTask(this::complete);

    // The outcome; written before the task is ready. It was given up if there is none.
    private int possible;
    private Throwable failure;

    Request(SelectableChannel channel, int operations) {
      this.channel = channel;
      this.operations = operations;
    }

    Future<Integer> future() {
      return promise.future();
    }

    /** Fails a request that no loop has taken. */
    void refuse(Throwable why) {
      promise.fail(why);
    }

    private void complete() {
      if (possible != 0) {
        promise.set(possible);
      } else if (failure != null) {
        promise.fail(failure);
      } else {
        promise.discard();
      }
    }
  }

  private final EventLoop loop;
  private final Map<SelectableChannel, Watched> watched = new IdentityHashMap<>();

  ChannelPolls(EventLoop loop) {
    this.loop = loop;
  }

  void add(Request request) {
    if (loop.isClosing()) {
      fail(request, closed());
      return;
    }
    Watched entry = watched.get(request.channel);
    try {
      if (entry != null) {
        entry.requests.add(request);
        entry.update();
      } else {
        entry = new Watched(request.channel);
        entry.requests.add(request);
        watched.put(request.channel, entry);
        entry.enter();
      }
    } catch (Throwable thrown) { // Memory is short.
      if (entry != null) {
        entry.requests.remove(request);
      }
      fail(request, thrown);
    }
  }

  private static IOException closed() {
    return EventLoop.failure("the transport is closed", null);
  }

  void remove(Request request) {
    Watched entry = watched.get(request.channel);
    if (entry != null && entry.requests.remove(request)) {
      entry.update();
      complete(request);
    }
  }

  private void fail(Request request, Throwable why) {
    request.failure = why;
    complete(request);
  }

  private void complete(Request request) {
    loop.scheduler().ready(request.completion);
  }

  /** A channel that requests wait for. */
  private final class Watched implements Selectable {

    final SelectableChannel channel;
    final List<Request> requests = new ArrayList<>();
    private SelectionKey key; // Null until it is registered.

    Watched(SelectableChannel channel) {
      this.channel = channel;
    }

    /** Registers, once the selector has forgotten an earlier registration. */
    void enter() {
      if (requests.isEmpty()) {
        watched.remove(channel);
        return;
      }
      try {
        tryToEnter();
      } catch (Throwable thrown) {
        leave(thrown);
      }
    }

    private void tryToEnter() throws IOException {
      try {
        loop.add(this);
      } catch (CancelledKeyException e) {
        loop.afterNextSelection(this::enter);
      }
    }

    private int interest() {
      int operations = 0;
      for (Request request : requests) {
        operations |= request.operations;
      }
      return operations;
    }

    void update() {
      if (key == null) {
        return; // It is still to be registered.
      }
      if (requests.isEmpty()) {
        leave(null);
        return;
      }
      try {
        key.interestOps(interest());
      } catch (CancelledKeyException e) {
        leave(new ClosedChannelException());
      }
    }

    private void leave(Throwable why) {
      watched.remove(channel);
      if (key != null) {
        key.cancel();
      }
      loop.remove(this);
      for (int i = 0; i < requests.size(); i++) { // Needs no memory.
        fail(requests.get(i), why);
      }
      requests.clear();
    }

    @Override
    public void register(Selector selector) throws IOException {
      key = channel.register(selector, interest(), this);
    }

    @Override
    public void ready(int operations) {
      for (Iterator<Request> all = requests.iterator(); all.hasNext(); ) {
        Request request = all.next();
        int possible = request.operations & operations;
        if (possible != 0) {
          all.remove();
          request.possible = possible;
          complete(request);
        }
      }
      update();
    }

    @Override
    public void abort() {
      leave(closed());
    }
  }
}
