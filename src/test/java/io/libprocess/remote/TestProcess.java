package io.libprocess.remote;

import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import java.util.ArrayList;
import java.util.List;

/** A process that records the ends it is told of. */
public final class TestProcess implements LocalProcess {

  final ProcessName name;
  final List<ProcessName> told = new ArrayList<>();
  final List<LinkEnd> ends = new ArrayList<>();
  public volatile boolean live = true;
  volatile boolean named = true;

  public TestProcess(String id) {
    name = new ProcessName(id, Address.loopback(9));
  }

  @Override
  public ProcessName name() {
    return name;
  }

  @Override
  public boolean isNamed() {
    return named;
  }

  @Override
  public boolean isLive() {
    return live;
  }

  @Override
  public synchronized void linkEnded(ProcessName ended, LinkEnd end) {
    told.add(ended);
    ends.add(end);
  }

  @Override
  public String toString() {
    return name.id();
  }
}
