package io.libprocess.classfile;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;

/**
 * A field or method of a class file.
 *
 * @param name {@code <init>} for constructors
 * @param descriptor its erased type, as in {@code (I)Ljava/lang/String;}
 * @param modifiers as in {@link Modifier}, among them those that only the compiler sets
 * @param types the binary names of all classes in its declaration: of its type, generic and erased,
 *     of declared exceptions and annotations
 * @param uses what its code names, in the order of the instructions
 */
public record Member(
    String name, String descriptor, int modifiers, Set<String> types, List<Use> uses) {

  private static final int SYNTHETIC = 0x1000;

  /** Whether other packages see it: it is public or protected, and not the compiler's own. */
  public boolean isVisibleToOthers() {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !isSynthetic();
  }

  /** Whether the compiler made it, as the body of a lambda. */
  public boolean isSynthetic() {
    return (modifiers & SYNTHETIC) != 0;
  }

  /** As in {@code max(int, int)}. */
  @Override
  public String toString() {
    return name + TypeNames.parameters(descriptor);
  }
}
