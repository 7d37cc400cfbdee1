package io.libprocess.subprocess;

import java.util.List;
import java.util.function.Consumer;

/**
 * A process and those that descend from it, as found at one moment. The JDK makes sure that only
 * these are hit, and not another process that has got the number of one of them.
 */
final class Tree {

  private final ProcessHandle root;
  private final List<ProcessHandle> descendants;

  private Tree(ProcessHandle root, List<ProcessHandle> descendants) {
    this.root = root;
    this.descendants = descendants;
  }

  /** Looks through all processes of the system. */
  static Tree of(ProcessHandle root) {
    return new Tree(root, root.descendants().toList());
  }

  void terminate() {
    fromTheTop(ProcessHandle::destroy);
  }

  void kill() {
    fromTheTop(ProcessHandle::destroyForcibly);
  }

  /**
   * The root first: it might go on to its next command if it saw a child of its own die. Those
   * without a parent by then are still known, and looked at again for children that are new.
   */
  private void fromTheTop(Consumer<ProcessHandle> end) {
    end.accept(root);
    for (ProcessHandle descendant : descendants) {
      List<ProcessHandle> below = descendant.descendants().toList();
      end.accept(descendant);
      below.forEach(end);
    }
  }
}
