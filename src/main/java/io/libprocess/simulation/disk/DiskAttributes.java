package io.libprocess.simulation.disk;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The basic attributes of a file or a directory, as they were when they were read. */
record DiskAttributes(boolean isDirectory, long size, FileTime lastModifiedTime, Object fileKey)
    implements BasicFileAttributes {

  static DiskAttributes of(Entry entry) {
    if (entry instanceof Content content) {
      return new DiskAttributes(
          false, content.size(), FileTime.from(content.modified), content.number);
    }
    NameTable directory = (NameTable) entry;
    return new DiskAttributes(true, 0, FileTime.from(directory.modified), directory.number);
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime;
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  /** Some attributes by their names: {@code *} or a list with commas. */
  Map<String, Object> named(String names) {
    String wanted = names.startsWith("basic:") ? names.substring("basic:".length()) : names;
    if (wanted.indexOf(':') >= 0) {
      throw new UnsupportedOperationException("not supported: " + names);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("size", size);
    all.put("lastModifiedTime", lastModifiedTime);
    all.put("lastAccessTime", lastModifiedTime);
    all.put("creationTime", lastModifiedTime);
    all.put("isDirectory", isDirectory);
    all.put("isRegularFile", !isDirectory);
    all.put("isSymbolicLink", false);
    all.put("isOther", false);
    all.put("fileKey", fileKey);
    List<String> list = Arrays.asList(wanted.split(","));
    if (!list.contains("*")) {
      for (String name : list) {
        if (!all.containsKey(name)) {
          throw new IllegalArgumentException("no attribute '" + name + "'");
        }
      }
      all.keySet().retainAll(list);
    }
    return all;
  }

  /** Reads attributes of a path, or sets times. */
  record View(Source source, Times times) implements BasicFileAttributeView {

    /** Reads them. */
    interface Source {
      BasicFileAttributes read() throws IOException;
    }

    /** Sets when it was modified. */
    interface Times {
      void set(Instant modified) throws IOException;
    }

    @Override
    public String name() {
      return "basic";
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
      return source.read();
    }

    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created)
        throws IOException {
      if (modified != null) {
        times.set(modified.toInstant());
      }
    }
  }
}
