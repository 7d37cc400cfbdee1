package io.libprocess.net.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A selector that never waits, and counts how often it was asked to. */
final class RestlessSelector extends AbstractSelector {

  /** What a selection does before it looks what is ready. */
  interface Beginning {
    void run() throws IOException;
  }

  final AtomicInteger now = new AtomicInteger();
  final AtomicInteger waits = new AtomicInteger();
  final AtomicInteger wakeUps = new AtomicInteger();
  volatile long lastLimit; // Of a wait with one, in milliseconds.
  volatile Beginning beginning = () -> {};

  private final Selector delegate;

  RestlessSelector() throws IOException {
    this(Selector.open());
  }

  private RestlessSelector(Selector delegate) {
    super(delegate.provider());
    this.delegate = delegate;
  }

  @Override
  protected void implCloseSelector() throws IOException {
    delegate.close();
  }

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    try {
      return channel.register(delegate, ops, attachment);
    } catch (ClosedChannelException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<SelectionKey> keys() {
    return delegate.keys();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return delegate.selectedKeys();
  }

  @Override
  public int selectNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select(long timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int selectNow(Consumer<SelectionKey> action) throws IOException {
    now.incrementAndGet();
    beginning.run();
    return delegate.selectNow(action);
  }

  @Override
  public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
    lastLimit = timeout;
    return select(action);
  }

  @Override
  public int select(Consumer<SelectionKey> action) throws IOException {
    waits.incrementAndGet();
    beginning.run();
    return delegate.selectNow(action);
  }

  @Override
  public Selector wakeup() {
    wakeUps.incrementAndGet();
    return this;
  }
}
