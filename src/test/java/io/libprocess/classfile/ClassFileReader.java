package io.libprocess.classfile;

import static io.libprocess.classfile.ConstantPool.u2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Parses a class file. */
final class ClassFileReader {

  private static final int MAGIC = 0xcafebabe;

  private final ConstantPool pool;
  private final List<RawMember> fields;
  private final List<RawMember> methods;
  private final Map<String, ByteBuffer> attributes;
  private final int flags;
  private final String name;
  private final String superclass;
  private final List<String> interfaces;
  private final Set<String> references = new TreeSet<>();
  private final Set<String> declared = new TreeSet<>();

  private record RawMember(
      int flags, String name, String descriptor, Map<String, ByteBuffer> attributes) {}

  private record Nesting(int flags, String outer) {}

  ClassFileReader(ByteBuffer in) {
    if (in.getInt() != MAGIC) {
      throw new IllegalArgumentException("not a class file");
    }
    in.getInt(); // The version.
    pool = new ConstantPool(in);
    flags = u2(in);
    name = pool.className(u2(in));
    int parent = u2(in);
    superclass = parent == 0 ? "" : pool.className(parent);
    interfaces = classNames(in);
    fields = members(in);
    methods = members(in);
    attributes = attributes(in);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes behind the end of " + name);
    }
  }

  ClassFile read() {
    List<int[]> bootstraps = bootstraps();
    pool.collectClasses(references);
    ByteBuffer heirs = attributes.get("PermittedSubclasses");
    List<String> permitted = heirs == null ? List.of() : classNames(heirs.duplicate());
    declared.addAll(interfaces);
    declared.add(superclass);
    collectFrom(attributes, declared);
    List<Member> readFields = members(fields, bootstraps);
    List<Member> readMethods = members(methods, bootstraps);
    references.addAll(declared);
    references.removeAll(Set.of(name, ""));
    declared.removeAll(Set.of(name, ""));
    Nesting nesting = nesting();
    return new ClassFile(
        name,
        nesting.flags(),
        nesting.outer(),
        superclass,
        interfaces,
        attributes.containsKey("SourceFile") ? pool.text(u2(attributes.get("SourceFile"))) : "",
        readFields,
        readMethods,
        Collections.unmodifiableSet(declared),
        Set.copyOf(permitted),
        Collections.unmodifiableSet(references));
  }

  /* ------ The parts of the file ------ */

  private List<String> classNames(ByteBuffer in) {
    List<String> names = new ArrayList<>();
    for (int n = u2(in); n > 0; n--) {
      names.add(pool.className(u2(in)));
    }
    return List.copyOf(names);
  }

  private List<RawMember> members(ByteBuffer in) {
    List<RawMember> found = new ArrayList<>();
    for (int n = u2(in); n > 0; n--) {
      found.add(new RawMember(u2(in), pool.text(u2(in)), pool.text(u2(in)), attributes(in)));
    }
    return found;
  }

  /** Attributes by name; those that may be repeated belong to code, which does not come here. */
  private Map<String, ByteBuffer> attributes(ByteBuffer in) {
    Map<String, ByteBuffer> found = new HashMap<>();
    for (int n = u2(in); n > 0; n--) {
      String attribute = pool.text(u2(in));
      int length = in.getInt();
      found.put(attribute, in.slice(in.position(), length));
      in.position(in.position() + length);
    }
    return found;
  }

  private List<int[]> bootstraps() {
    List<int[]> found = new ArrayList<>();
    ByteBuffer in = attributes.get("BootstrapMethods");
    for (int n = in == null ? 0 : u2(in); n > 0; n--) {
      int handle = u2(in);
      int[] constants = new int[1 + u2(in)];
      constants[0] = handle;
      for (int i = 1; i < constants.length; i++) {
        constants[i] = u2(in);
      }
      found.add(constants);
    }
    return found;
  }

  /**
   * The modifiers as they were declared, which for a nested class the class itself does not have.
   */
  private Nesting nesting() {
    ByteBuffer in = attributes.get("InnerClasses");
    for (int n = in == null ? 0 : u2(in); n > 0; n--) {
      String inner = pool.className(u2(in));
      int outer = u2(in);
      u2(in); // The simple name.
      int declaredFlags = u2(in);
      if (inner.equals(name)) {
        return new Nesting(declaredFlags, outer == 0 ? enclosing() : pool.className(outer));
      }
    }
    return new Nesting(flags, "");
  }

  /** The class around a local or anonymous one. */
  private String enclosing() {
    ByteBuffer in = attributes.get("EnclosingMethod");
    return in == null ? "" : pool.className(u2(in));
  }

  /* ------ Members ------ */

  private List<Member> members(List<RawMember> raw, List<int[]> bootstraps) {
    List<Member> found = new ArrayList<>();
    for (RawMember member : raw) {
      Set<String> types = new TreeSet<>();
      TypeNames.collect(member.descriptor(), types);
      collectFrom(member.attributes(), types);
      references.addAll(types);
      found.add(
          new Member(
              member.name(),
              member.descriptor(),
              member.flags(),
              Collections.unmodifiableSet(types),
              uses(member.attributes().get("Code"), bootstraps)));
    }
    return List.copyOf(found);
  }

  private List<Use> uses(ByteBuffer in, List<int[]> bootstraps) {
    if (in == null) {
      return List.of();
    }
    in.getInt(); // The sizes of stack and locals.
    int length = in.getInt();
    ByteBuffer instructions = in.slice(in.position(), length);
    in.position(in.position() + length);
    int handlers = u2(in);
    in.position(in.position() + 8 * handlers); // Their types are constants.
    Map<Integer, Integer> lines = new HashMap<>();
    for (int n = u2(in); n > 0; n--) {
      String attribute = pool.text(u2(in));
      ByteBuffer content = in.slice(in.position() + 4, in.getInt());
      in.position(in.position() + content.remaining());
      collectFrom(Map.of(attribute, content), references);
      if (attribute.equals("LineNumberTable")) {
        for (int entries = u2(content); entries > 0; entries--) {
          lines.putIfAbsent(u2(content), u2(content));
        }
      }
    }
    return List.copyOf(new Code(instructions, lines).uses(pool, bootstraps));
  }

  /* ------ Names in attributes ------ */

  private void collectFrom(Map<String, ByteBuffer> from, Set<String> found) {
    from.forEach((attribute, content) -> collect(attribute, content.duplicate(), found));
  }

  /** Adds the classes that an attribute names in a text; classes by themselves are constants. */
  private void collect(String attribute, ByteBuffer in, Set<String> found) {
    Annotations annotations = new Annotations(pool, found);
    switch (attribute) {
      case "Signature" -> TypeNames.collect(pool.text(u2(in)), found);
      case "Exceptions", "PermittedSubclasses" -> found.addAll(classNames(in));
      case "RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations" -> annotations.all(in);
      case "RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations" ->
          annotations.ofParameters(in);
      case "RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations" ->
          annotations.ofTypes(in);
      case "AnnotationDefault" -> annotations.value(in);
      case "LocalVariableTable", "LocalVariableTypeTable" -> {
        for (int n = u2(in); n > 0; n--) {
          in.getInt(); // Where it lives.
          u2(in); // Its name.
          TypeNames.collect(pool.text(u2(in)), found);
          u2(in); // Its place.
        }
      }
      case "Record" -> {
        for (int n = u2(in); n > 0; n--) {
          u2(in); // The name of the component.
          TypeNames.collect(pool.text(u2(in)), found);
          collectFrom(attributes(in), found);
        }
      }
      default -> {} // It names classes by constants, or none.
    }
  }
}
