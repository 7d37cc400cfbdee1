package io.libprocess.web;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file or directory that a process provides. The file system is not accessed before the response
 * is sent.
 *
 * @param root the file, or the directory below which everything is provided
 * @param types the content types by extension; null for those that {@link Response#file(Path)}
 *     knows
 */
record Asset(Path root, Map<String, String> types) {

  /** The most bytes of UTF-8 in a name: the limit of common file systems. */
  private static final int LONGEST_NAME = 255;

  /** The most directory levels between the root and a file. */
  static final int MOST_NAMES = 255;

  /** The most characters in all names below the root together. */
  private static final int LONGEST_PATH = 4096;

  /**
   * Answers a request.
   *
   * @param names the decoded segments of the path that follow the asset
   */
  Response answer(Request request, List<String> names) {
    Path file = resolve(names);
    if (file == null) {
      return Response.notFound();
    }
    return switch (request.method()) {
      case "GET", "HEAD" -> types == null ? Response.file(file) : Response.file(file, types);
      default -> Response.methodNotAllowed("GET", "HEAD");
    };
  }

  /** The file that is named, or null if there can be none. Never one outside the root. */
  private Path resolve(List<String> names) {
    if (names.isEmpty()) {
      return root;
    }
    if (names.size() > MOST_NAMES) {
      return null;
    }
    FileSystem files = root.getFileSystem();
    long length = 0;
    for (String name : names) {
      length += 1 + name.length();
      if (length > LONGEST_PATH || !isName(name, files)) {
        return null;
      }
    }
    return root.resolve(String.join(files.getSeparator(), names));
  }

  /** Whether a text is the name of a single file in any file system, and nothing more. */
  private static boolean isName(String text, FileSystem files) {
    if (text.isEmpty()
        || text.equals(".")
        || text.equals("..")
        || text.indexOf('/') >= 0
        || text.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      return false;
    }
    try {
      Path name = files.getPath(text);
      return !name.isAbsolute() && name.getRoot() == null && name.getNameCount() == 1;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
