package io.libprocess.classfile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The classes below a folder. They know their supertypes, including those of the class path and the
 * JDK.
 */
public final class ClassFiles {

  private final Map<String, ClassFile> classes = new TreeMap<>();
  private final Map<String, Optional<ClassFile>> others = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> supertypes = new ConcurrentHashMap<>();

  private ClassFiles(Collection<ClassFile> files) {
    files.forEach(file -> classes.put(file.name(), file));
  }

  /** Reads all classes below a folder. */
  public static ClassFiles in(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ClassFiles(
          files.filter(file -> file.toString().endsWith(".class")).map(ClassFiles::read).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassFile read(Path file) {
    try {
      return ClassFile.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }

  /** All, by name. */
  public Collection<ClassFile> all() {
    return classes.values();
  }

  /** A class by its name. */
  public Optional<ClassFile> find(String name) {
    return Optional.ofNullable(classes.get(name));
  }

  /** A class and all that it inherits from, as far as they can be found. */
  public Set<String> withSupertypes(String name) {
    Set<String> known = supertypes.get(name);
    if (known != null) {
      return known;
    }
    Set<String> found = new TreeSet<>();
    addSupertypes(name, found);
    Set<String> all = Collections.unmodifiableSet(found);
    supertypes.put(name, all);
    return all;
  }

  private void addSupertypes(String name, Set<String> found) {
    if (name.isEmpty() || !found.add(name)) {
      return;
    }
    find(name)
        .or(() -> others.computeIfAbsent(name, ClassFiles::onClassPath))
        .ifPresent(
            file ->
                Stream.concat(Stream.of(file.superclass()), file.interfaces().stream())
                    .forEach(parent -> addSupertypes(parent, found)));
  }

  private static Optional<ClassFile> onClassPath(String name) {
    String resource = name.replace('.', '/') + ".class";
    try (InputStream in = ClassLoader.getSystemResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(ClassFile.read(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The uses of a class, each as the members it may stand for, by the supertypes of its owner. */
  public List<String> targets(Use use) {
    return withSupertypes(use.owner()).stream().map(owner -> owner + use.suffix()).toList();
  }
}
