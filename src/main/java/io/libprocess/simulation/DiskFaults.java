package io.libprocess.simulation;

import io.libprocess.simulation.disk.Disk;

/**
 * What goes wrong with the disk of a host while it is up. Nothing does unless it is asked for here,
 * and {@link World#heal} ends it, but for bits that are wrong already. For the function of a world,
 * and for its processes.
 */
public final class DiskFaults {

  private final Disk disk;

  DiskFaults(Disk disk) {
    this.disk = disk;
  }

  /** Lets files have no more than so many bytes together, at least 0: more is refused. */
  public void capacity(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("capacity < 0: " + bytes);
    }
    disk.capacity(bytes);
  }

  /**
   * Lets operations fail. What could not be forced is lost when the host fails, even if a later
   * {@code force} succeeds: as in Linux, which takes the pages for written.
   *
   * @param reading how likely it is that reading fails, from 0 to 1
   * @param writing how likely it is that writing or forcing fails, from 0 to 1
   */
  public void errors(double reading, double writing) {
    if (!(reading >= 0 && reading <= 1 && writing >= 0 && writing <= 1)) {
      throw new IllegalArgumentException("not in 0..1: " + reading + ", " + writing);
    }
    disk.errors(reading, writing);
  }

  /** Lets operations take so many times as long where they take time, at least 1. */
  public void slow(int factor) {
    disk.slow(factor);
  }

  /** Turns over so many random bits of files. */
  public void rot(int bits) {
    disk.rot(bits);
  }

  void end() {
    disk.capacity(Long.MAX_VALUE);
    disk.errors(0, 0);
    disk.slow(1);
  }
}
