package io.libprocess.simulation.disk;

import io.libprocess.simulation.disk.NameTable.Change;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link java.nio.file.Files} asks of the files of one disk. */
final class DiskProvider extends FileSystemProvider {

  static final String SCHEME = "simulated-disk";

  private final DiskFileSystem files;

  DiskProvider(DiskFileSystem files) {
    this.files = files;
  }

  private Disk disk() {
    return files.disk();
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("a disk is made with its host");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return files;
  }

  @Override
  public Path getPath(URI uri) {
    return DiskPath.parse(files, uri.getPath());
  }

  /* ------ Names ------ */

  /** Where a name is, or could be. */
  private record Place(NameTable parent, String name, Path path) {

    /** What it stands for; null if nothing. */
    Entry entry() {
      return name.isEmpty() ? parent : parent.entries.get(name);
    }

    Entry existing() throws NoSuchFileException {
      Entry entry = entry();
      if (entry == null) {
        throw new NoSuchFileException(path.toString());
      }
      return entry;
    }
  }

  private Place place(Path path) throws IOException {
    List<String> names = DiskPath.of(path.toAbsolutePath().normalize()).names();
    NameTable directory = disk().root();
    for (int i = 0; i < names.size() - 1; i++) {
      Entry next = directory.entries.get(names.get(i));
      if (next == null) {
        throw new NoSuchFileException(path.toString());
      }
      if (!(next instanceof NameTable inner)) {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      }
      directory = inner;
    }
    return new Place(directory, names.isEmpty() ? "" : names.get(names.size() - 1), path);
  }

  private Place named(Path path) throws IOException {
    Place place = place(path);
    if (place.name.isEmpty()) {
      throw new FileSystemException(path.toString(), null, "Device or resource busy");
    }
    return place;
  }

  private void change(Change change, Path path) throws IOException {
    disk().begin(Disk.Action.NAME, path.toString());
    disk().done(Disk.Action.NAME, path.toString(), 0);
    disk().change(change);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    Place place = place(path);
    if (place.entry() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    change(new Change(null, null, place.parent, place.name, disk().newDirectory()), path);
  }

  @Override
  public void delete(Path path) throws IOException {
    Place place = named(path);
    Entry entry = place.existing();
    checkEmpty(entry, path);
    change(new Change(place.parent, place.name, null, null, entry), path);
  }

  private static void checkEmpty(Entry entry, Path path) throws IOException {
    if (entry instanceof NameTable directory && !directory.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> how = Arrays.asList(options);
    Place from = named(source);
    Entry entry = from.existing();
    Place to = named(target);
    if (to.entry() == entry) {
      return;
    }
    if (to.entry() != null) {
      if (!how.contains(StandardCopyOption.REPLACE_EXISTING)
          && !how.contains(StandardCopyOption.ATOMIC_MOVE)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      checkEmpty(to.entry(), target);
    }
    if (entry instanceof NameTable && DiskPath.of(target).startsWith(source)) {
      throw new FileSystemException(source.toString(), target.toString(), "Invalid argument");
    }
    change(new Change(from.parent, from.name, to.parent, to.name, entry), target);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> how = Arrays.asList(options);
    Entry entry = place(source).existing();
    Place to = named(target);
    if (to.entry() == entry) {
      return;
    }
    if (to.entry() != null) {
      if (!how.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      delete(target);
    }
    if (entry instanceof NameTable) {
      createDirectory(target);
      return;
    }
    DiskChannel.Mode reading = new DiskChannel.Mode(true, false, false, false);
    try (DiskChannel in = new DiskChannel(disk(), entry, source.toString(), reading, () -> {});
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      in.transferTo(0, in.size(), out);
    }
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    if (one.equals(other)) {
      return true;
    }
    return other instanceof DiskPath path
        && path.getFileSystem() == files
        && place(one).existing() == place(other).existing();
  }

  @Override
  public boolean isHidden(Path path) {
    return path.getFileName() != null && path.getFileName().toString().startsWith(".");
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    disk().begin(Disk.Action.READ, path.toString());
    NameTable directory = directory(path);
    List<Path> found = new ArrayList<>();
    for (String name : directory.entries.keySet()) {
      Path one = path.resolve(name);
      if (filter.accept(one)) {
        found.add(one);
      }
    }
    return new Listing(found.iterator());
  }

  private NameTable directory(Path path) throws IOException {
    try {
      if (place(path).existing() instanceof NameTable directory) {
        return directory;
      }
    } catch (NoSuchFileException nothing) {
      throw nothing;
    } catch (FileSystemException inFile) {
      throw new NotDirectoryException(path.toString()); // One that it would be in is a file.
    }
    throw new NotDirectoryException(path.toString());
  }

  private record Listing(Iterator<Path> iterator) implements DirectoryStream<Path> {
    @Override
    public void close() {
      // It holds nothing open.
    }
  }

  /* ------ Files ------ */

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    for (OpenOption option : options) {
      if (!(option instanceof StandardOpenOption) && option != LinkOption.NOFOLLOW_LINKS) {
        throw new UnsupportedOperationException("not supported: " + option);
      }
    }
    boolean appends = options.contains(StandardOpenOption.APPEND);
    boolean writes = options.contains(StandardOpenOption.WRITE) || appends;
    boolean reads = options.contains(StandardOpenOption.READ) || !writes;
    if (appends && (reads || options.contains(StandardOpenOption.TRUNCATE_EXISTING))) {
      throw new IllegalArgumentException("APPEND with READ or TRUNCATE_EXISTING");
    }
    boolean syncs =
        options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC);
    disk().begin(Disk.Action.NAME, path.toString());
    Entry entry = opened(place(path), writes, options);
    DiskChannel.Mode mode = new DiskChannel.Mode(reads, writes, appends, syncs);
    Runnable whenClosed =
        options.contains(StandardOpenOption.DELETE_ON_CLOSE)
            ? () -> discard(path, entry)
            : () -> {};
    DiskChannel channel = new DiskChannel(disk(), entry, path.toString(), mode, whenClosed);
    if (writes && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.truncate(0);
    }
    return channel;
  }

  private Entry opened(Place place, boolean writes, Set<? extends OpenOption> options)
      throws IOException {
    boolean anew = options.contains(StandardOpenOption.CREATE_NEW);
    Entry entry = place.entry();
    if (entry != null && anew && writes) {
      throw new FileAlreadyExistsException(place.path.toString());
    }
    if (entry == null && writes && (anew || options.contains(StandardOpenOption.CREATE))) {
      entry = disk().newFile();
      disk().done(Disk.Action.NAME, place.path.toString(), 0);
      disk().change(new Change(null, null, place.parent, place.name, entry));
    }
    if (entry instanceof NameTable && writes) {
      throw new FileSystemException(place.path.toString(), null, "Is a directory");
    }
    return entry == null ? place.existing() : entry;
  }

  private void discard(Path path, Entry entry) {
    try {
      Place place = place(path);
      if (place.entry() == entry) {
        disk().change(new Change(place.parent, place.name, null, null, entry));
      }
    } catch (IOException gone) {
      // Somebody else has deleted it.
    }
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    place(path).existing();
    if (Arrays.asList(modes).contains(AccessMode.EXECUTE)) {
      throw new java.nio.file.AccessDeniedException(path.toString());
    }
  }

  /* ------ Attributes ------ */

  @Override
  public FileStore getFileStore(Path path) {
    return new DiskStore(disk());
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class) {
      throw new UnsupportedOperationException("not supported: " + type.getName());
    }
    return type.cast(DiskAttributes.of(place(path).existing()));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return DiskAttributes.of(place(path).existing()).named(names);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    if (type != BasicFileAttributeView.class) {
      return null; // As the contract says of an unknown one.
    }
    return type.cast(
        new DiskAttributes.View(
            () -> DiskAttributes.of(place(path).existing()),
            time -> {
              Entry entry = place(path).existing();
              if (entry instanceof Content content) {
                content.modified = time;
              } else if (entry instanceof NameTable directory) {
                directory.modified = time;
              }
            }));
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    if (!name.equals("lastModifiedTime") && !name.equals("basic:lastModifiedTime")) {
      throw new UnsupportedOperationException("not supported: " + name);
    }
    getFileAttributeView(path, BasicFileAttributeView.class)
        .setTimes((java.nio.file.attribute.FileTime) value, null, null);
  }
}
