package io.libprocess;

import io.libprocess.net.Address;
import io.libprocess.remote.Remote;
import java.util.ArrayList;
import java.util.List;

/** What a node remembers of others, for tests of other packages. */
public final class NodeTables {

  private NodeTables() {}

  /** The connection on which messages to an address are sent; null if there is none yet. */
  public static Object channel(Node node, Address address) {
    return node.messages().remote().channel(address);
  }

  /** The links of the node's processes to others, by address, for people; empty for none. */
  public static List<String> links(Node node) {
    return node.messages().remote().links(100).some().stream().map(Object::toString).toList();
  }

  /** All that is left of links and connections, for people; empty for nothing. */
  public static List<String> left(Node node) {
    Remote remote = node.messages().remote();
    List<String> left = new ArrayList<>(links(node));
    remote.look().forEach(one -> left.add(one.toString()));
    if (remote.linkedNodes() > 0) {
      left.add(remote.linkedNodes() + " links from other nodes");
    }
    return left;
  }
}
