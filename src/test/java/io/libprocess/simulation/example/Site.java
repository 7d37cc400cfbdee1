package io.libprocess.simulation.example;

import io.libprocess.net.Address;
import io.libprocess.simulation.Host;
import io.libprocess.time.Clock;
import java.util.Map;

/** What a process of an example knows of where it runs: a simulated host, or a real node. */
interface Site {

  String name();

  Address address();

  Clock clock();

  /** What survives a crash. */
  Map<String, Object> store();

  boolean isUp();

  static Site of(Host host) {
    return new Simulated(host);
  }

  /** The same host is the same site. */
  record Simulated(Host host) implements Site {
    @Override
    public String name() {
      return host.name();
    }

    @Override
    public Address address() {
      return host.address();
    }

    @Override
    public Clock clock() {
      return host.clock();
    }

    @Override
    public Map<String, Object> store() {
      return host.store();
    }

    @Override
    public boolean isUp() {
      return host.isUp();
    }
  }
}
