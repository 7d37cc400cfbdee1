package io.libprocess.e2e;

import java.io.Closeable;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/**
 * Two network namespaces of Linux, {@code 0} and {@code 1}, and a cable between them. If they
 * cannot be made, the calling test ends here.
 */
final class VirtualNetwork implements Closeable {

  private final Program ip = Program.named("ip");
  private final String iptables = Program.named("iptables").path();
  private final String tc = Program.named("tc").path();
  private final String prefix = "lp" + ProcessHandle.current().pid() + "-";

  private VirtualNetwork() {}

  static VirtualNetwork make() throws IOException, InterruptedException {
    VirtualNetwork network = new VirtualNetwork();
    try {
      network.build();
      return network;
    } catch (AssertionError e) { // A program failed.
      network.close();
      return Assumptions.abort("no network namespaces can be made here: " + e.getMessage());
    }
  }

  private void build() throws IOException, InterruptedException {
    for (int side = 0; side < 2; side++) {
      ip.run("netns", "add", name(side));
    }
    ip.run(
        ("link add eth0 netns " + name(0) + " type veth peer name eth0 netns " + name(1))
            .split(" "));
    for (int side = 0; side < 2; side++) {
      in(side, ip.path() + " addr add " + address(side) + "/24 dev eth0");
      in(side, ip.path() + " link set eth0 up");
      in(side, ip.path() + " link set lo up");
      in(side, iptables + " -L");
    }
  }

  String name(int side) {
    return prefix + side;
  }

  String address(int side) {
    return "10.213.7." + (side + 1);
  }

  /** Runs a command in a namespace. */
  void in(int side, String command) throws IOException, InterruptedException {
    ip.run(("netns exec " + name(side) + " " + command).split(" "));
  }

  /** A prefix for the command of a program that is to run there. */
  String[] enter(int side) {
    return new String[] {ip.path(), "netns", "exec", name(side)};
  }

  /** Drops, from now on, everything that is sent to a side. */
  void drop(int side) throws IOException, InterruptedException {
    in(side, iptables + " -A INPUT -j DROP");
  }

  void heal(int side) throws IOException, InterruptedException {
    in(side, iptables + " -D INPUT -j DROP");
  }

  /** Lets that side send no more than a megabit a second. */
  void slowDown(int side) throws IOException, InterruptedException {
    in(side, tc + " qdisc add dev eth0 root tbf rate 1mbit burst 32kbit latency 400ms");
  }

  @Override
  public void close() throws IOException {
    for (int side = 0; side < 2; side++) {
      try {
        ip.run("netns", "delete", name(side));
      } catch (AssertionError e) {
        // It was not made.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
