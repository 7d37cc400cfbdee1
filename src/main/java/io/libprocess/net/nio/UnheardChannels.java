package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The channels of one loop without any interest: their handlers have paused them, or the input has
 * ended, and there is nothing to send. A selector does not report their end; so now and then each
 * is looked at, and closed if the peer has reset it. For the polling thread.
 *
 * <p>A connected socket that is registered for OP_CONNECT is never ready for that, except that the
 * JDK reports every operation of interest on a socket that has an error. The loop's own selector
 * would not wait with such an interest; therefore the look uses another selector, which does not
 * wait, and which is closed again. Where the system or the JDK behaves differently, nothing is
 * found.
 */
final class UnheardChannels {

  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final Set<NioChannel> channels = new HashSet<>();
  private boolean scheduled;

  UnheardChannels(EventLoop loop) {
    this.loop = loop;
  }

  /** Adds a channel, which is looked at for as long as it has no interest. */
  void add(NioChannel channel) {
    if (channels.add(channel)) {
      schedule();
    }
  }

  void remove(NioChannel channel) {
    channels.remove(channel);
  }

  private void schedule() {
    if (!scheduled && !loop.isClosing()) {
      Clock.current().timer(PERIOD, () -> loop.execute(this::look));
      scheduled = true;
    }
  }

  private void look() {
    scheduled = false;
    if (channels.isEmpty()) {
      return;
    }
    schedule(); // First: the rest may fail for lack of memory.
    channels.removeIf(channel -> !channel.stillUnheard());
    if (channels.isEmpty()) {
      return;
    }
    try (Selector probe = loop.newSelector()) {
      for (NioChannel channel : List.copyOf(channels)) {
        channel.registerFor(probe, SelectionKey.OP_CONNECT);
      }
      probe.selectNow(key -> ((NioChannel) key.attachment()).wasReset());
    } catch (IOException e) {
      Log.debug("Cannot look for connections that were reset", e); // The next attempt may succeed.
    }
  }
}
