package io.libprocess.classfile;

import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of a class file. Classes have their binary names, as in {@code java.util.Map$Entry}.
 *
 * @param name {@code module-info} for a module
 * @param modifiers as declared, also for a nested class
 * @param outer the class around it, empty if there is none
 * @param superclass empty for {@code java.lang.Object} and modules
 * @param interfaces those it names itself
 * @param source the simple name of the source file, empty if unknown
 * @param fields in the order of the file
 * @param methods in the order of the file, constructors and the bodies of lambdas among them
 * @param declared the classes in its declaration: supertypes with their type arguments, bounds,
 *     annotations, record components, permitted subclasses
 * @param permitted the classes that a sealed one permits
 * @param references all classes that it names anywhere, itself excepted
 */
public record ClassFile(
    String name,
    int modifiers,
    String outer,
    String superclass,
    List<String> interfaces,
    String source,
    List<Member> fields,
    List<Member> methods,
    Set<String> declared,
    Set<String> permitted,
    Set<String> references) {

  /**
   * Reads a class file.
   *
   * @throws IllegalArgumentException if it is not a class file, or has an unknown format
   */
  public static ClassFile read(byte[] bytes) {
    return new ClassFileReader(ByteBuffer.wrap(bytes)).read();
  }

  /** The package of a binary name, empty for the unnamed one. */
  public static String packageOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** Its package, empty for the unnamed one. */
  public String packageName() {
    return packageOf(name);
  }

  /** Whether it is public or protected; the class around it may still hide it. */
  public boolean isVisibleToOthers() {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  /** All members and classes that its code names. */
  public List<Use> uses() {
    return methods.stream().flatMap(method -> method.uses().stream()).toList();
  }

  /** Uses by the method whose source has them, so that those of lambdas count for their method. */
  public Map<Member, List<Use>> usesByDeclaredMethod() {
    Map<String, Member> lambdas = new HashMap<>();
    for (Member method : methods) {
      if (method.isSynthetic()) {
        lambdas.put(method.toString(), method);
      }
    }
    Map<Member, List<Use>> found = new HashMap<>();
    for (Member method : methods) {
      if (!method.isSynthetic()) {
        List<Use> uses = new ArrayList<>();
        addUses(method, lambdas, uses);
        found.put(method, uses);
      }
    }
    return found;
  }

  private void addUses(Member method, Map<String, Member> lambdas, List<Use> uses) {
    for (Use use : method.uses()) {
      uses.add(use);
      Member lambda =
          use.owner().equals(name) && !use.isClass()
              ? lambdas.get(use.suffix().substring(1))
              : null;
      if (lambda != null && lambda != method) {
        addUses(lambda, lambdas, uses);
      }
    }
  }
}
