package io.libprocess.simulation.disk;

import io.libprocess.simulation.disk.NameTable.Change;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.StepTrace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The disk of one host. It is there from the first start of the host to the end of the world. */
public final class Disk {

  /** What is done with a file, and how long that takes through a blocking call, in nanoseconds. */
  enum Action {
    READ(20_000, 200_000),
    WRITE(5_000, 50_000),
    FORCE(500_000, 10_000_000),
    NAME(10_000, 100_000);

    private final long least;
    private final long most;

    Action(long least, long most) {
      this.least = least;
      this.most = most;
    }
  }

  private final Engine engine;
  private final String host;
  private final Supplier<Instant> clock;
  private final Draws draws;
  private final DiskFileSystem files;

  private NameTable root;
  private List<Change> changes = new ArrayList<>(); // Those that are not durable, in order.
  private long numbers;
  private long used;
  private int starts; // Channels from before a crash cannot be used.

  private long capacity = Long.MAX_VALUE;
  private double readErrors;
  private double writeErrors;
  private long slowness = 1;

  /** An empty disk of a host. */
  public Disk(Engine engine, String host, Supplier<Instant> clock) {
    this.engine = engine;
    this.host = host;
    this.clock = clock;
    draws = engine.draws("disk/" + host);
    files = new DiskFileSystem(this);
    root = new NameTable(++numbers, clock.get());
  }

  /** Its directory without a name. */
  public Path path() {
    return files.root();
  }

  NameTable root() {
    return root;
  }

  Instant now() {
    return clock.get();
  }

  String host() {
    return host;
  }

  int starts() {
    return starts;
  }

  /* ------ What goes wrong ------ */

  /** Lets the files have no more than so many bytes together. */
  public void capacity(long bytes) {
    capacity = bytes;
  }

  /** Lets reading, and writing and forcing, fail with probabilities. */
  public void errors(double reading, double writing) {
    readErrors = reading;
    writeErrors = writing;
  }

  /** Lets everything take so many times as long. */
  public void slow(long factor) {
    slowness = Math.max(1, factor);
  }

  /** Turns over so many bits of files. */
  public void rot(int bits) {
    List<Content> all = new ArrayList<>();
    collect(root, all, new LinkedHashSet<>());
    for (int i = 0; i < bits && !all.isEmpty(); i++) {
      all.get((int) draws.below(all.size())).rot(draws);
    }
  }

  /** Loses everything. */
  public void wipe() {
    root = new NameTable(++numbers, clock.get());
    changes.clear();
    used = 0;
    starts++;
  }

  /** Lets the host begin anew without a failure of its power: files are closed. */
  public void close() {
    starts++;
    List<Content> all = new ArrayList<>();
    collect(root, all, new LinkedHashSet<>());
    all.forEach(file -> file.locks.clear());
  }

  /**
   * The power fails: of the changes of names that are not durable some are kept, in a prefix of
   * their order, and of pages any.
   */
  public void crash() {
    starts++;
    int kept = (int) draws.between(0, changes.size());
    int names = changes.size();
    changes.subList(0, kept).forEach(Change::settle);
    changes = new ArrayList<>();
    List<Content> all = new ArrayList<>();
    Set<NameTable> directories = new LinkedHashSet<>();
    restore(root, all, directories);
    used = 0;
    int pages = 0;
    int keptPages = 0;
    for (Content file : all) {
      pages += file.dirtyPages();
      keptPages += file.crash(draws);
      used += file.size();
    }
    if (names + pages > 0) {
      String text = "kept " + kept + " of " + names + " changes of names, whole ";
      engine.note(StepTrace.Kind.DISK, host, text + keptPages + " of " + pages + " pages");
    }
  }

  /** Lets programs see what is durable, and no more. */
  private static void restore(NameTable directory, List<Content> files, Set<NameTable> seen) {
    if (!seen.add(directory)) {
      return;
    }
    directory.entries.clear();
    directory.entries.putAll(directory.durable);
    for (Entry entry : directory.entries.values()) {
      if (entry instanceof NameTable inner) {
        restore(inner, files, seen);
      } else if (entry instanceof Content file && !files.contains(file)) {
        file.linked = true;
        files.add(file);
      }
    }
  }

  private static void collect(NameTable directory, List<Content> files, Set<NameTable> seen) {
    for (Entry entry : directory.entries.values()) {
      if (entry instanceof Content file) {
        files.add(file);
      } else if (entry instanceof NameTable inner && seen.add(inner)) {
        collect(inner, files, seen);
      }
    }
  }

  /* ------ What programs do ------ */

  /** Something begins to be done: it takes time in a blocking call, and may fail. */
  void begin(Action action, String file) throws FileSystemException {
    engine.check("a file was used");
    engine.pass(draws.between(action.least, action.most) * slowness);
    double errors =
        switch (action) {
          case READ -> readErrors;
          case WRITE, FORCE -> writeErrors;
          case NAME -> 0;
        };
    if (draws.chance(errors)) {
      engine.note(StepTrace.Kind.DISK, host, action + " of " + file + " fails");
      throw new FileSystemException(file, null, "Input/output error");
    }
  }

  /** Something was done, as the trace and its hash are to have it. */
  void done(Action action, String file, long hash) {
    engine.note(StepTrace.Kind.DISK, host, hash, new Done(action, file));
  }

  private record Done(Action action, String file) {
    @Override
    public String toString() {
      return action + " " + file;
    }
  }

  /** Takes space for a file that is to be larger, or gives some back. */
  void grow(Content file, long bytes, String name) throws IOException {
    if (!file.linked) {
      return;
    }
    if (bytes > capacity - used && bytes > 0) {
      throw new FileSystemException(name, null, "No space left on device");
    }
    used += bytes;
  }

  /** The bytes that files have. */
  long used() {
    return used;
  }

  long capacity() {
    return capacity;
  }

  Content newFile() {
    return new Content(++numbers, now());
  }

  NameTable newDirectory() {
    return new NameTable(++numbers, now());
  }

  /** Changes names, which is not durable yet. */
  void change(Change change) {
    if (change.to() != null
        && change.to().entries.get(change.newName()) instanceof Content replaced
        && replaced != change.entry()) {
      unlink(replaced);
    }
    if (change.to() == null && change.entry() instanceof Content deleted) {
      unlink(deleted);
    }
    change.make(now());
    changes.add(change);
  }

  private void unlink(Content file) {
    used -= file.size();
    file.linked = false;
  }

  /**
   * Makes the names in a directory durable, and with them all changes that were made before in
   * directories which they concern too.
   */
  void force(NameTable directory) {
    Set<NameTable> concerned = new LinkedHashSet<>();
    concerned.add(directory);
    List<Change> durable = new ArrayList<>();
    List<Change> left = new ArrayList<>();
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      if (concerned.stream().anyMatch(change::touches)) {
        durable.add(0, change);
        if (change.from() != null) {
          concerned.add(change.from());
        }
        if (change.to() != null) {
          concerned.add(change.to());
        }
      } else {
        left.add(0, change);
      }
    }
    durable.forEach(Change::settle);
    changes = left;
  }
}
