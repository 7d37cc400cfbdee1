package io.libprocess.classfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds class names in descriptors ({@code (I)Ljava/lang/String;}) and in generic signatures, whose
 * grammar contains that of descriptors.
 */
final class TypeNames {

  private static final Map<Character, String> PRIMITIVES =
      Map.of(
          'B', "byte", 'C', "char", 'D', "double", 'F', "float", 'I', "int", 'J', "long", 'S',
          "short", 'Z', "boolean", 'V', "void");

  private final String text;
  private final Set<String> found;
  private int at;

  private TypeNames(String text, Set<String> found) {
    this.text = text;
    this.found = found;
  }

  /** Adds the binary names of all classes in a descriptor or signature of anything. */
  static void collect(String text, Set<String> found) {
    TypeNames parser = new TypeNames(text, found);
    if (parser.peek() == '<') {
      parser.typeParameters();
    }
    while (parser.at < text.length()) {
      if (parser.peek() == '(' || parser.peek() == ')' || parser.peek() == '^') {
        parser.at++;
      } else {
        parser.type();
      }
    }
  }

  /** The binary name that a class constant stands for, empty for arrays of primitives. */
  static String ofClassConstant(String internalName) {
    if (!internalName.startsWith("[")) {
      return binary(internalName);
    }
    String element = internalName.substring(internalName.lastIndexOf('[') + 1);
    return element.startsWith("L") ? binary(element.substring(1, element.length() - 1)) : "";
  }

  /** As in {@code (int, java.lang.String[])}; empty for the descriptor of a field. */
  static String parameters(String descriptor) {
    if (!descriptor.startsWith("(")) {
      return "";
    }
    List<String> names = new ArrayList<>();
    for (int at = 1; descriptor.charAt(at) != ')'; ) {
      int start = at;
      while (descriptor.charAt(at) == '[') {
        at++;
      }
      int dimensions = at - start;
      String name = PRIMITIVES.get(descriptor.charAt(at));
      int end = name == null ? descriptor.indexOf(';', at) : at;
      name = name == null ? binary(descriptor.substring(at + 1, end)) : name;
      names.add(name + "[]".repeat(dimensions));
      at = end + 1;
    }
    return "(" + String.join(", ", names) + ")";
  }

  static String binary(String internalName) {
    return internalName.replace('/', '.');
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void expect(char expected) {
    if (peek() != expected) {
      throw new IllegalArgumentException("no " + expected + " at " + at + " of " + text);
    }
    at++;
  }

  /** {@code <K:Ljava/lang/Object;V::Ljava/lang/Comparable<TV;>;>}. */
  private void typeParameters() {
    expect('<');
    while (peek() != '>') {
      at = text.indexOf(':', at);
      while (peek() == ':') {
        at++;
        if (peek() != ':') { // A class bound may be left out before bounds that are interfaces.
          type();
        }
      }
    }
    expect('>');
  }

  private void type() {
    char kind = peek();
    at++;
    if (kind == '[') {
      type();
    } else if (kind == 'T') {
      at = text.indexOf(';', at) + 1;
    } else if (kind == 'L') {
      classType();
    } else if (!PRIMITIVES.containsKey(kind)) {
      throw new IllegalArgumentException("no type at " + (at - 1) + " of " + text);
    }
  }

  /** {@code java/util/Map<TK;TV;>.Entry<TK;+TV;>;}, behind the L. */
  private void classType() {
    StringBuilder name = new StringBuilder();
    for (; ; ) {
      char next = peek();
      if (next == '<') {
        typeArguments();
      } else if (next == ';') {
        found.add(binary(name.toString()));
        at++;
        return;
      } else if (next == '.') {
        found.add(binary(name.toString()));
        name.append('$');
        at++;
      } else {
        name.append(next);
        at++;
      }
    }
  }

  private void typeArguments() {
    expect('<');
    while (peek() != '>') {
      if (peek() == '*' || peek() == '+' || peek() == '-') {
        boolean unbounded = peek() == '*';
        at++;
        if (unbounded) {
          continue;
        }
      }
      type();
    }
    expect('>');
  }
}
