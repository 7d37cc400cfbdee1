package io.libprocess.simulation.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** A path on a disk: names with slashes between them. Immutable. */
final class DiskPath implements Path {

  private final DiskFileSystem files;
  private final boolean absolute;
  private final List<String> names;

  DiskPath(DiskFileSystem files, boolean absolute, List<String> names) {
    this.files = files;
    this.absolute = absolute;
    this.names = List.copyOf(names);
  }

  static DiskPath parse(DiskFileSystem files, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new InvalidPathException(text, "a zero in a path");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new DiskPath(files, text.startsWith("/"), names);
  }

  /** A path of this provider. */
  static DiskPath of(Path path) {
    if (path instanceof DiskPath known) {
      return known;
    }
    throw new ProviderMismatchException("not on a disk of a simulated host: " + path);
  }

  Disk disk() {
    return files.disk();
  }

  List<String> names() {
    return names;
  }

  private DiskPath with(boolean isAbsolute, List<String> some) {
    return new DiskPath(files, isAbsolute, some);
  }

  @Override
  public FileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public Path getRoot() {
    return absolute ? with(true, List.of()) : null;
  }

  @Override
  public Path getFileName() {
    if (names.isEmpty()) {
      return absolute ? null : this;
    }
    return getName(names.size() - 1);
  }

  @Override
  public Path getParent() {
    int count = names.size();
    return count == 0 || count == 1 && !absolute
        ? null
        : with(absolute, names.subList(0, count - 1));
  }

  @Override
  public int getNameCount() {
    return names.isEmpty() && !absolute ? 1 : names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int from, int to) {
    if (from < 0 || to > getNameCount() || from >= to) {
      throw new IllegalArgumentException("not in " + this + ": " + from + " to " + to);
    }
    return with(false, names.isEmpty() ? names : names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof DiskPath path
        && path.files == files
        && path.absolute == absolute
        && path.names.size() <= names.size()
        && names.subList(0, path.names.size()).equals(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof DiskPath path) || path.files != files) {
      return false;
    }
    int before = names.size() - path.names.size();
    return before >= 0
        && (!path.absolute || absolute && before == 0)
        && names.subList(before, names.size()).equals(path.names);
  }

  @Override
  public Path normalize() {
    List<String> left = new ArrayList<>();
    for (String name : names) {
      boolean goesUp = name.equals("..");
      boolean hasName = !left.isEmpty() && !left.get(left.size() - 1).equals("..");
      if (goesUp && hasName) {
        left.remove(left.size() - 1);
      } else if (!name.equals(".") && !(goesUp && absolute)) {
        left.add(name);
      }
    }
    return with(absolute, left);
  }

  @Override
  public Path resolve(Path other) {
    DiskPath path = of(other);
    if (path.absolute || names.isEmpty() && !absolute) {
      return path;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(path.names);
    return with(absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    DiskPath path = of(other);
    if (path.absolute != absolute) {
      throw new IllegalArgumentException("one is absolute: " + this + ", " + other);
    }
    int same = 0;
    while (same < Math.min(names.size(), path.names.size())
        && names.get(same).equals(path.names.get(same))) {
      same++;
    }
    List<String> way = new ArrayList<>();
    for (int i = same; i < names.size(); i++) {
      way.add("..");
    }
    way.addAll(path.names.subList(same, path.names.size()));
    return with(false, way);
  }

  @Override
  public URI toUri() {
    return URI.create(DiskProvider.SCHEME + "://" + files.disk().host() + toAbsolutePath());
  }

  @Override
  public Path toAbsolutePath() {
    return with(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("a disk of a simulated host cannot be watched");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(of(other).toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskPath path
        && path.files == files
        && path.absolute == absolute
        && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
