package io.libprocess.architecture;

import java.util.Set;

/** A permission for a class, with its nested classes, to cross seams. */
record Permit(String className, String reason, Set<Seam> seams) {

  boolean covers(String type, Seam seam) {
    return seams.contains(seam) && names(type);
  }

  boolean names(String type) {
    return (type + "$").startsWith(className + "$");
  }
}
