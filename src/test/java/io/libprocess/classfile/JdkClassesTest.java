package io.libprocess.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reads the classes of the JDK that runs the tests, each of which has to be understood to its end.
 */
@Timeout(600) // It computes, and waits for nobody.
class JdkClassesTest {

  /** Of all classes, a tenth: the others are of the same kind. */
  private static final int SHARE = 10;

  private static Path modules() {
    return FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules");
  }

  private static ClassFile read(Path path) {
    try {
      return ClassFile.read(Files.readAllBytes(path));
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(path.toString(), e);
    }
  }

  @Test
  void jdk_isReadToTheEnd() throws IOException {
    List<Path> paths;
    try (Stream<Path> files = Files.walk(modules())) {
      paths =
          files
              .filter(path -> path.toString().endsWith(".class"))
              .filter(
                  path ->
                      path.endsWith("module-info.class")
                          || Math.floorMod(path.toString().hashCode(), SHARE) == 0)
              .toList();
    }

    long uses = paths.stream().mapToLong(path -> read(path).uses().size()).sum();

    assertTrue(paths.size() > 1000, paths.size() + " classes");
    assertTrue(uses > 50 * paths.size(), uses + " uses in " + paths.size() + " classes");
  }

  @Test
  void javaUtil_isReadAsReflectionSeesIt() throws Exception {
    List<Path> paths;
    try (Stream<Path> files = Files.list(modules().resolve("java.base/java/util"))) {
      paths = files.filter(path -> path.toString().endsWith(".class")).toList();
    }

    assertTrue(paths.size() > 100, paths.size() + " classes");
    for (Path path : paths) {
      ClassFile file = read(path);
      Class<?> type = Class.forName(file.name(), false, null);
      assertEquals(
          Optional.ofNullable(type.getSuperclass()).map(Class::getName).orElse(""),
          type.isInterface() ? "" : file.superclass());
      assertEquals(
          Arrays.stream(type.getInterfaces()).map(Class::getName).toList(), file.interfaces());
      assertEquals(declared(type), declared(file), file.name());
      int flags = file.modifiers() & ~0x20; // Reflection leaves out the mark of every class.
      assertEquals(type.getModifiers(), flags, file.name());
    }
  }

  private static TreeSet<String> declared(ClassFile file) {
    TreeSet<String> found = new TreeSet<>();
    for (Member method : file.methods()) {
      if (!method.name().equals("<clinit>")) {
        found.add(method.modifiers() + " " + method.name() + method.descriptor());
      }
    }
    return found;
  }

  private static TreeSet<String> declared(Class<?> type) {
    TreeSet<String> found = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      MethodType of = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
      found.add(method.getModifiers() + " " + method.getName() + of.toMethodDescriptorString());
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      MethodType of = MethodType.methodType(void.class, constructor.getParameterTypes());
      found.add(constructor.getModifiers() + " <init>" + of.toMethodDescriptorString());
    }
    return found;
  }
}
