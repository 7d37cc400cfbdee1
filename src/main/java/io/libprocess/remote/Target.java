package io.libprocess.remote;

import io.libprocess.http.Percent;
import io.libprocess.http.Request;
import io.libprocess.remote.links.ProcessName;
import java.util.Optional;

/**
 * The receiver and the name of a message, from the target of its request: the id up to the second
 * slash, and the name after it. A node writes names as they are, so they have no query and no
 * escapes. Ids are percent-encoded by nodes of this library and written as they are by C++ nodes,
 * so an ambiguous id is the one that belongs to an existing process.
 *
 * @param id the receiver's id
 * @param name the message's name
 * @param isCertain whether this depends only on the target
 */
record Target(String id, String name, boolean isCertain) {

  /** Parses the target of a request whose path begins with a slash; empty if the id is neither. */
  static Optional<Target> of(Request request, LocalNode node) {
    String target = ProcessName.utf8(request.target());
    int slash = target.indexOf('/', 1);
    int end = slash < 0 ? target.length() : slash;
    String written = target.substring(1, end);
    String name = end < target.length() ? target.substring(end + 1) : "";
    if (written.indexOf('%') < 0 && written.indexOf('+') < 0) {
      return Optional.of(new Target(written, name, true));
    }
    Optional<String> decoded = decode(written);
    if ((decoded.isEmpty() || node.find(decoded.get()).isEmpty())
        && node.find(written).isPresent()) {
      return Optional.of(new Target(written, name, false));
    }
    return decoded.map(id -> new Target(id, name, true));
  }

  private static Optional<String> decode(String id) {
    try {
      return Optional.of(Percent.decode(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
