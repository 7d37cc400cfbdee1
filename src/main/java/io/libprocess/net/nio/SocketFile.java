package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import io.libprocess.net.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The file that was made by binding a Unix domain socket. It is identified by its inode, so that
 * the file of another socket, bound to the same path after ours was removed, is left alone.
 *
 * @param path the path, absolute because the file must be found for as long as the socket is open
 * @param key the key that distinguishes it from other files; null if the file system has none
 */
record SocketFile(Path path, Object key) {

  static SocketFile of(UnixAddress address) throws IOException {
    Path path = Path.of(address.path()).toAbsolutePath();
    return new SocketFile(path, keyOf(path));
  }

  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Deletes the file if it is still the one that was made. */
  void delete() {
    try {
      if (Objects.equals(key, keyOf(path))) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // It was already deleted.
    } catch (IOException e) {
      Log.warning("The socket file " + path + " cannot be deleted", e);
    }
  }
}
