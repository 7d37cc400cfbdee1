package io.libprocess.simulation.disk;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files of a disk. It is open for as long as the world. */
final class DiskFileSystem extends FileSystem {

  private final Disk disk;
  private final DiskProvider provider = new DiskProvider(this);

  DiskFileSystem(Disk disk) {
    this.disk = disk;
  }

  Disk disk() {
    return disk;
  }

  DiskPath root() {
    return new DiskPath(this, true, List.of());
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("a disk of a simulated host cannot be closed");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(root());
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new DiskStore(disk));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    Set<String> views = new LinkedHashSet<>();
    views.add("basic");
    return views;
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder text = new StringBuilder(first);
    for (String next : more) {
      if (!next.isEmpty()) {
        text.append(text.isEmpty() ? "" : "/").append(next);
      }
    }
    return DiskPath.parse(this, text.toString());
  }

  /** By the syntax of the JDK, whose file system is asked for the pattern alone. */
  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(Path.of(path.toString()));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("files of a simulated host have no owners");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("a disk of a simulated host cannot be watched");
  }
}
