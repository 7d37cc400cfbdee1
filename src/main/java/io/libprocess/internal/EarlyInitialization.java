package io.libprocess.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Initializes classes before they are needed. A class whose static initializer throws once, because
 * the memory or the descriptors have run out just then, cannot be used any more in this JVM.
 *
 * <p>The classes are found where this one comes from: in its module, or in the directory or jar on
 * the class path. Only those with a static initializer are loaded, so this costs little more than
 * reading the library once. Any thread may call.
 */
public final class EarlyInitialization {

  private static final String INITIALIZER = "<clinit>";
  private static final String CLASS = ".class";

  /** The package of the library, wherever it has been moved to. */
  private static final String BASE = parent(EarlyInitialization.class.getPackageName());

  private static final Set<String> DONE = new HashSet<>(); // Rooms; guarded by itself.

  private EarlyInitialization() {}

  /**
   * Initializes all classes of some rooms, once in a JVM. If the place where the classes are cannot
   * be read they are initialized as they are used.
   *
   * @param rooms names of packages, relative to that of the library
   */
  public static void of(List<String> rooms) {
    synchronized (DONE) {
      Set<String> missing = new HashSet<>(rooms);
      missing.removeAll(DONE);
      if (!missing.isEmpty()) {
        classesIn(missing).forEach(EarlyInitialization::initialize);
        DONE.addAll(missing);
      }
    }
  }

  private static void initialize(String name) {
    try {
      Class.forName(name, true, EarlyInitialization.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + " cannot be loaded", e); // It has just been read.
    }
  }

  /** The classes with a static initializer in some rooms; empty if they cannot be read. */
  static List<String> classesIn(Set<String> rooms) {
    List<String> found = new ArrayList<>();
    try {
      Module module = EarlyInitialization.class.getModule();
      if (module.isNamed()) {
        searchModule(module, rooms, found);
      } else {
        search(EarlyInitialization.class.getProtectionDomain().getCodeSource(), rooms, found);
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      Log.debug(() -> "Classes cannot be initialized in advance: " + e);
    }
    return found;
  }

  private static void searchModule(Module module, Set<String> rooms, List<String> found)
      throws IOException {
    ResolvedModule resolved =
        module.getLayer().configuration().findModule(module.getName()).orElseThrow();
    try (ModuleReader reader = resolved.reference().open();
        Stream<String> names = reader.list()) {
      for (String name : (Iterable<String>) names::iterator) {
        if (isIn(rooms, name)) {
          try (InputStream in = reader.open(name).orElseThrow()) {
            add(name, in, found);
          }
        }
      }
    }
  }

  private static void search(CodeSource source, Set<String> rooms, List<String> found)
      throws IOException, URISyntaxException {
    Path place = Path.of(source.getLocation().toURI());
    if (Files.isDirectory(place)) {
      for (String room : rooms) {
        searchDirectory(place, place.resolve(path(room)), found);
      }
      return;
    }
    try (ZipFile jar = new ZipFile(place.toFile())) {
      for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (isIn(rooms, entry.getName())) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(entry.getName(), in, found);
          }
        }
      }
    }
  }

  private static void searchDirectory(Path root, Path directory, List<String> found)
      throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        if (name.endsWith(CLASS)) {
          try (InputStream in = Files.newInputStream(file)) {
            add(name, in, found);
          }
        }
      }
    }
  }

  private static void add(String name, InputStream file, List<String> found) throws IOException {
    String text = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
    if (text.contains(INITIALIZER)) {
      found.add(name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
    }
  }

  private static boolean isIn(Set<String> rooms, String file) {
    if (!file.endsWith(CLASS)) {
      return false;
    }
    String directory = file.substring(0, Math.max(0, file.lastIndexOf('/')));
    return rooms.stream().anyMatch(room -> path(room).equals(directory));
  }

  private static String path(String room) {
    return (BASE + "." + room).replace('.', '/');
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
