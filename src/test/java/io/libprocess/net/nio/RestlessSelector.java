package io.libprocess.net.nio;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A selector that never waits. */
final class RestlessSelector extends AbstractSelector {
  private final Selector delegate;
  private final AtomicInteger returns;

  RestlessSelector(Selector delegate, AtomicInteger returns) {
    super(delegate.provider());
    this.delegate = delegate;
    this.returns = returns;
  }

  @Override
  protected void implCloseSelector() throws IOException {
    delegate.close();
  }

  @Override
  protected SelectionKey register(AbstractSelectableChannel ch, int ops, Object att) {
    throw new UnsupportedOperationException();
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
  public int selectNow() throws IOException {
    return delegate.selectNow();
  }

  @Override
  public int select(long timeout) throws IOException {
    return delegate.selectNow();
  }

  @Override
  public int select() throws IOException {
    return delegate.selectNow();
  }

  @Override
  public int select(Consumer<SelectionKey> action) throws IOException {
    returns.incrementAndGet();
    return delegate.selectNow(action);
  }

  @Override
  public Selector wakeup() {
    return delegate.wakeup();
  }
}
