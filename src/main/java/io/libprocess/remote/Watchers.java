package io.libprocess.remote;

import io.libprocess.net.Address;
import java.util.List;
import java.util.Map;

/**
 * Who is to be told of the end of a process of this node.
 *
 * @param linkers on this node
 * @param nodes the other ones, with the number of the last link that they have told us of
 */
public record Watchers(List<LocalProcess> linkers, Map<Address, Long> nodes) {

  static final Watchers NONE = new Watchers(List.of(), Map.of());
}
