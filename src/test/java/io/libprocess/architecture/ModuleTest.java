package io.libprocess.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks the compiled module, which the other tests do not use: they run on the class path. */
@Timeout(600) // It computes, and waits for nobody.
class ModuleTest {

  private static final String NAME = "io.libprocess";

  /** The modules that the library can do without. */
  private static final Set<String> MAY_USE = Set.of("java.logging", "java.management", "jdk.jfr");

  private static final Path CLASSES = Path.of("target/classes");
  private static final ModuleFinder finder = ModuleFinder.of(CLASSES);

  private static ModuleDescriptor descriptor() {
    return finder.find(NAME).orElseThrow().descriptor();
  }

  /** The packages with a class; one that is only described so far cannot be exported. */
  private static Set<String> packages(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("package-info.class"))
          .map(file -> classes.relativize(file).getParent())
          .filter(Objects::nonNull)
          .map(folder -> folder.toString().replace(File.separatorChar, '.'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The packages that module-info.java should export, among those that exist. */
  private static Set<String> published(Set<String> packages) {
    return packages.stream()
        .filter(
            name -> Layers.isExported(name.equals(NAME) ? "" : name.substring(NAME.length() + 1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exports(ModuleDescriptor module) {
    return module.exports().stream()
        .filter(export -> !export.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void module_exportsEveryPublicPackageAndNoOther() throws IOException {
    assertEquals(
        published(packages(CLASSES)), exports(descriptor()), "the exports of module-info.java");
  }

  @Test
  void module_requiresOnlyJavaBase() {
    for (Requires requires : descriptor().requires()) {
      boolean isOptional = requires.modifiers().equals(Set.of(Requires.Modifier.STATIC));
      assertTrue(
          requires.name().equals("java.base") || isOptional && MAY_USE.contains(requires.name()),
          requires.toString());
    }
  }

  @Test
  void module_opensNothing() {
    assertEquals(Set.of(), descriptor().opens());
  }

  @Test
  void module_resolvesAndLoadsFromAModulePath() throws ClassNotFoundException {
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(NAME));
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    Module module = layer.findModule(NAME).orElseThrow();

    Class<?> address = module.getClassLoader().loadClass(NAME + ".net.Address");

    assertSame(module, address.getModule());
    assertTrue(module.isExported(NAME + ".net"));
  }

  @Test
  void published_leavesOutTheRoomsThatAreNotExported() {
    Set<String> packages =
        Set.of(NAME, NAME + ".cli", NAME + ".internal.json", NAME + ".net", NAME + ".net.nio");

    assertEquals(Set.of(NAME, NAME + ".net"), published(packages));
  }

  @Test
  void packages_needAClassBesideTheirDescription(@TempDir Path classes) throws IOException {
    for (String file : List.of("module-info", "a/package-info", "a/b/package-info", "a/b/Some")) {
      Path path = classes.resolve(file + ".class");
      Files.createDirectories(path.getParent());
      Files.createFile(path);
    }

    assertEquals(Set.of("a.b"), packages(classes));
  }
}
