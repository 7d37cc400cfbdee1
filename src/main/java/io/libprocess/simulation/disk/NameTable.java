package io.libprocess.simulation.disk;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Names: those that programs see, and those that would survive a crash. */
final class NameTable implements Entry {

  final long number; // The same in each run.
  final Map<String, Entry> entries = new TreeMap<>();
  final Map<String, Entry> durable = new TreeMap<>();
  Instant modified;

  NameTable(long number, Instant created) {
    this.number = number;
    modified = created;
  }

  /**
   * A change of one or two names.
   *
   * @param from where the entry was; null if it is new
   * @param to where it is from then on; null if it is deleted
   */
  record Change(NameTable from, String oldName, NameTable to, String newName, Entry entry) {

    /** Whether it is about a name in a directory. */
    boolean touches(NameTable directory) {
      return from == directory || to == directory;
    }

    /** Makes it in what programs see. */
    void make(Instant now) {
      if (from != null) {
        from.entries.remove(oldName);
        from.modified = now;
      }
      if (to != null) {
        to.entries.put(newName, entry);
        to.modified = now;
      }
    }

    /** Makes it durable. */
    void settle() {
      if (from != null) {
        from.durable.remove(oldName);
      }
      if (to != null) {
        to.durable.put(newName, entry);
      }
    }
  }
}
