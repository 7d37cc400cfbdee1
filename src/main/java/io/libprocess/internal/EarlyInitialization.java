package io.libprocess.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Initializes classes before they are needed. A class whose static initializer throws once, for
 * instance because memory or descriptors have run out at that moment, cannot be used any more in
 * this JVM.
 *
 * <p>The classes are found where this one comes from: in its module, or in the directory or jar on
 * the class path. Only those with a static initializer are loaded, so this costs little more than
 * reading the library once. Thread-safe.
 */
public final class EarlyInitialization {

  private static final byte[] INITIALIZER = "<clinit>".getBytes(StandardCharsets.US_ASCII);
  private static final String CLASS = ".class";

  // The kinds of constants in class files.
  private static final int TEXT = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  /** The library's base package, even if it has been relocated. */
  private static final String BASE = parent(EarlyInitialization.class.getPackageName());

  private static final Set<String> DONE = new HashSet<>(); // Packages; guarded by its own monitor.

  private EarlyInitialization() {}

  /**
   * Initializes all classes of some packages, once in a JVM. If the location of the classes cannot
   * be read, they are initialized as they are used.
   *
   * @param rooms the names of the packages, relative to the library's base package
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

  /** The classes with a static initializer in some packages; empty if they cannot be read. */
  static List<String> classesIn(Set<String> rooms) {
    Set<String> directories = new HashSet<>();
    for (String room : rooms) {
      directories.add((BASE + "." + room).replace('.', '/'));
    }
    List<String> found = new ArrayList<>();
    try {
      Module module = EarlyInitialization.class.getModule();
      if (module.isNamed()) {
        searchModule(module, directories, found);
      } else {
        search(EarlyInitialization.class.getProtectionDomain().getCodeSource(), directories, found);
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      Log.debug(() -> "Classes cannot be initialized in advance: " + e);
    }
    return found;
  }

  private static void searchModule(Module module, Set<String> directories, List<String> found)
      throws IOException {
    ResolvedModule resolved =
        module.getLayer().configuration().findModule(module.getName()).orElseThrow();
    try (ModuleReader reader = resolved.reference().open();
        Stream<String> names = reader.list()) {
      for (String name : (Iterable<String>) names::iterator) {
        if (isIn(directories, name)) {
          add(name, reader.open(name).orElseThrow(), found);
        }
      }
    }
  }

  private static void search(CodeSource source, Set<String> directories, List<String> found)
      throws IOException, URISyntaxException {
    Path place = Path.of(source.getLocation().toURI());
    if (Files.isDirectory(place)) {
      for (String directory : directories) {
        searchDirectory(place, directory, found);
      }
      return;
    }
    try (ZipFile jar = new ZipFile(place.toFile())) {
      for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (isIn(directories, entry.getName())) {
          add(entry.getName(), jar.getInputStream(entry), found);
        }
      }
    }
  }

  private static void searchDirectory(Path root, String directory, List<String> found)
      throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = directory + "/" + file.getFileName();
        if (name.endsWith(CLASS)) {
          add(name, Files.newInputStream(file), found);
        }
      }
    }
  }

  private static void add(String name, InputStream file, List<String> found) throws IOException {
    try (file) {
      if (hasInitializer(file.readAllBytes())) {
        found.add(name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
      }
    }
  }

  /**
   * Whether a class file has a static initializer, whose name is then one of its constants. Going
   * from constant to constant is much faster than a search of all bytes, because nothing is
   * compiled yet when a program starts.
   */
  private static boolean hasInitializer(byte[] file) {
    ByteBuffer constants = ByteBuffer.wrap(file, 8, file.length - 8); // After the versions.
    int count = Short.toUnsignedInt(constants.getShort());
    for (int i = 1; i < count; i++) {
      int kind = constants.get();
      int size =
          switch (kind) {
            case TEXT -> Short.toUnsignedInt(constants.getShort());
            case LONG, DOUBLE -> 8;
            case 7, 8, 16, 19, 20 -> 2; // With one reference to another constant.
            case 15 -> 3; // A method handle.
            default -> 4;
          };
      if (kind == TEXT && isInitializer(file, constants.position(), size)) {
        return true;
      }
      constants.position(constants.position() + size);
      i += kind == LONG || kind == DOUBLE ? 1 : 0; // These count as two.
    }
    return false;
  }

  private static boolean isInitializer(byte[] file, int at, int size) {
    return Arrays.equals(file, at, at + size, INITIALIZER, 0, INITIALIZER.length);
  }

  private static boolean isIn(Set<String> directories, String file) {
    return file.endsWith(CLASS)
        && directories.contains(file.substring(0, Math.max(0, file.lastIndexOf('/'))));
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
