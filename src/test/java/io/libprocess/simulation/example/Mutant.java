package io.libprocess.simulation.example;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A copy of the library that is wrong on purpose: some texts of its source are replaced by others,
 * and the changed files are compiled in memory. Its classes, and those of the tests that run on
 * them, are loaded by a class loader of their own.
 */
final class Mutant {

  private static final Path SOURCES = Path.of("src", "main", "java", "io", "libprocess");

  private final Map<String, String> sources = new LinkedHashMap<>(); // Changed, by file.

  /**
   * Replaces a text in a file, such as {@code remote/Peer.java}.
   *
   * @throws AssertionError if the text is not in the file exactly once: the mutant has to be
   *     written anew then
   */
  Mutant replace(String file, String text, String other) throws IOException {
    String source = sources.get(file);
    if (source == null) {
      source = Files.readString(SOURCES.resolve(file));
    }
    int at = source.indexOf(text);
    if (at < 0 || source.indexOf(text, at + 1) >= 0) {
      throw new AssertionError("not once in " + file + ": '" + text + "'");
    }
    sources.put(file, source.substring(0, at) + other + source.substring(at + text.length()));
    return this;
  }

  /** Makes an object of a class by its constructor without parameters, on the changed library. */
  Object make(Class<?> type) throws IOException, ReflectiveOperationException {
    Class<?> copy = new Loader(compile()).loadClass(type.getName());
    var constructor = copy.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private Map<String, byte[]> compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<Source> units =
        sources.entrySet().stream().map(one -> new Source(one.getKey(), one.getValue())).toList();
    try (Classes classes = new Classes(compiler.getStandardFileManager(null, null, null))) {
      List<String> options =
          List.of("--release", "17", "-proc:none", "-implicit:none", "-cp", classPath());
      if (!compiler.getTask(messages, classes, null, options, null, units).call()) {
        throw new AssertionError("the mutant does not compile:\n" + messages);
      }
      Map<String, byte[]> bytes = new HashMap<>();
      classes.made.forEach((name, out) -> bytes.put(name, out.toByteArray()));
      return bytes;
    }
  }

  /** The class path, of which the library is a part. */
  private static String classPath() {
    String path = System.getProperty("surefire.test.class.path");
    return path == null ? System.getProperty("java.class.path") : path;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("mutant:///io/libprocess/" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreErrors) {
      return text;
    }
  }

  /** Keeps what is compiled in memory. */
  private static final class Classes extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final Map<String, ByteArrayOutputStream> made = new HashMap<>();

    Classes(StandardJavaFileManager usual) {
      super(usual);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String name,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      made.put(name, out);
      return new SimpleJavaFileObject(URI.create("mutant:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return out;
        }
      };
    }
  }

  /** Loads classes of the project anew, changed ones instead of those on the class path. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> changed;

    Loader(Map<String, byte[]> changed) {
      super(Mutant.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.libprocess.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        byte[] bytes = changed.containsKey(name) ? changed.get(name) : usual(name);
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    private byte[] usual(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
