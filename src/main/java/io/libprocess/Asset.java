package io.libprocess;

import io.libprocess.http.Percent;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file or directory that a process provides.
 *
 * @param root the file, or the directory below which everything is provided
 * @param types by extension; null for those that {@link Response#file(Path)} knows
 */
record Asset(Path root, Map<String, String> types) {

  /**
   * Answers a request.
   *
   * @param below what follows the asset in the path of the request, empty or from a slash on
   */
  Response answer(Request request, String below) {
    Path file = resolve(below);
    if (file == null) {
      return Response.notFound();
    }
    return switch (request.method()) {
      case "GET", "HEAD" -> types == null ? Response.file(file) : Response.file(file, types);
      default -> Response.methodNotAllowed("GET", "HEAD");
    };
  }

  /** The file that is meant, or null if there can be none. Never one outside of the root. */
  private Path resolve(String below) {
    Path file = root;
    for (String segment : below.split("/")) {
      if (!segment.isEmpty()) {
        file = child(file, decode(segment));
        if (file == null) {
          return null;
        }
      }
    }
    return file;
  }

  /** What is in a directory under a name, or null if that is no name in whatever file system. */
  private static Path child(Path directory, String name) {
    if (name == null || name.equals(".") || name.equals("..")) {
      return null;
    }
    try {
      Path child = directory.resolve(name);
      return directory.equals(child.getParent()) ? child : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** Undoes percent-encoding; null if that is not possible. */
  static String decode(String segment) {
    try {
      return Percent.decode(segment.replace("+", "%2B")); // In a path, a plus sign is no blank.
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
