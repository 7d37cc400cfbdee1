package io.libprocess.classfile;

/**
 * A use by an instruction: a method or a field, which may also be reached by a method handle (as
 * for lambdas and method references), or only a class.
 *
 * @param owner the binary name of the class named by the instruction; an inherited member may be
 *     declared by one of its supertypes. {@code java.lang.Object} for the methods of arrays
 * @param member the name of the method or field, empty for a class
 * @param descriptor of the method or field, empty for a class
 * @param line the line in the source file, 0 if the class file does not tell
 */
public record Use(String owner, String member, String descriptor, int line) {

  /** Whether it names a class alone, as {@code new}, {@code instanceof} and class literals do. */
  public boolean isClass() {
    return member.isEmpty();
  }

  /** As in {@code java.lang.Math.max(int, int)}: the member without its owner, from the dot on. */
  public String suffix() {
    return isClass() ? "" : "." + member + TypeNames.parameters(descriptor);
  }

  /** As in {@code java.lang.Math.max(int, int)}. */
  @Override
  public String toString() {
    return owner + suffix();
  }
}
