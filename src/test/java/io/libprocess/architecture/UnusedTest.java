package io.libprocess.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.classfile.ClassFile;
import io.libprocess.classfile.ClassFiles;
import io.libprocess.classfile.Member;
import io.libprocess.classfile.Use;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Finds methods that users cannot call and the library does not: those that only tests use are
 * listed here, and all others must go.
 */
@Timeout(600) // It computes, and waits for nobody.
class UnusedTest {

  private static final String BASE = "io.libprocess";

  /** The methods that tests need of the library. */
  private static final Set<String> FOR_TESTS =
      Set.of(
          "Node.listeningAddress()",
          "Node.router()",
          "ask.Asks.pending()",
          "http.HttpClient.pool()",
          "http.client.ClientPool.idle()",
          "http.client.ClientPool.open()",
          "http.client.ClientPool.remembered()",
          "http.coding.GzipStream.encoded(io.libprocess.http.Body$Streamed)",
          "internal.MemoryBudget.unlimited()",
          "node.Causality.switchOff()",
          "observer.Observation.pages()",
          "remote.QueueBudget.reserved()",
          "remote.Remote.linkedNodes()",
          "settings.Setting.describe()",
          "settings.Setting.standard()",
          "stream.bytes.ChunkPool.forget()",
          "stream.bytes.ChunkPool.kept()",
          "stream.bytes.ChunkPool.open()",
          "stream.bytes.ChunkPool.openSince()",
          "stream.bytes.ChunkPool.track()");

  /**
   * The methods called by the JVM, by other runtimes, and by packages that write stages of streams.
   */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          "NodeStart.start(io.libprocess.Config, io.libprocess.runtime.Runtime)",
          "cli.Main.main(java.lang.String[])",
          "http.HttpListener.start(io.libprocess.runtime.Runtime, io.libprocess.net.NetworkAddress,"
              + " io.libprocess.http.RequestHandler, io.libprocess.http.Limits)",
          "internal.scheduler.RunLoop.step(io.libprocess.internal.scheduler.Task)",
          "internal.scheduler.RuntimeThread.enter(io.libprocess.internal.scheduler.RunLoop)",
          "stream.access.Streams.drain(io.libprocess.stream.Sink)",
          "stream.access.Streams.sink(io.libprocess.stream.stage.Drain)",
          "stream.access.Streams.source(io.libprocess.stream.Stream)",
          "stream.access.Streams.stream(io.libprocess.stream.stage.Source)",
          "stream.access.Streams.transform(io.libprocess.stream.stage.Operator)");

  private static final ClassFiles classes = ClassFiles.in(Path.of("target/classes"));

  /** The names of all methods that some class of the library names, with their descriptors. */
  private static Set<String> named() {
    Set<String> named = new HashSet<>();
    for (ClassFile file : classes.all()) {
      for (Use use : file.uses()) {
        named.add(use.member() + use.descriptor());
      }
    }
    return named;
  }

  /** Whether a supertype has the method, so that it may be called without knowing this class. */
  private static boolean isInherited(Class<?> type, Method method) {
    List<Class<?>> above = new ArrayList<>(List.of(type.getInterfaces()));
    if (type.getSuperclass() != null) {
      above.add(type.getSuperclass());
    }
    for (Class<?> one : above) {
      for (Method inherited : one.getDeclaredMethods()) {
        if (inherited.getName().equals(method.getName())
            && inherited.getParameterCount() == method.getParameterCount()) {
          return true;
        }
      }
      if (isInherited(one, method)) {
        return true;
      }
    }
    return false;
  }

  private static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .toMethodDescriptorString();
  }

  private static boolean isForUsers(
      ClassFile file, Class<?> type, Method method, Set<Class<?>> extended) {
    String name = file.packageName();
    String room = name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
    return Layers.isExported(room)
        && (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && (isVisible(type) || extended.contains(type));
  }

  /** Hidden classes whose members users see in visible ones that extend them. */
  private static Set<Class<?>> extended() throws ClassNotFoundException {
    Set<Class<?>> extended = new HashSet<>();
    for (ClassFile file : classes.all()) {
      if (!file.name().endsWith("-info")) {
        Class<?> type = Class.forName(file.name(), false, UnusedTest.class.getClassLoader());
        if (isVisible(type) && type.getSuperclass() != null) {
          extended.add(type.getSuperclass());
        }
      }
    }
    return extended;
  }

  private static boolean isVisible(Class<?> type) {
    return (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static List<String> unused() throws ClassNotFoundException {
    Set<String> named = named();
    Set<Class<?>> extended = extended();
    Set<String> found = new TreeSet<>();
    for (ClassFile file : classes.all()) {
      if (file.name().equals("module-info") || file.name().endsWith("package-info")) {
        continue;
      }
      Class<?> type = Class.forName(file.name(), false, UnusedTest.class.getClassLoader());
      if (type.isRecord() || type.isAnnotation()) {
        continue; // A component may stand for itself.
      }
      for (Member member : file.methods()) {
        if (!member.name().startsWith("<")
            && !member.isSynthetic()
            && !named.contains(member.name() + member.descriptor())) {
          for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(member.name())
                && descriptor(method).equals(member.descriptor())
                && !method.isSynthetic()
                && !Modifier.isPrivate(method.getModifiers())
                && !isForUsers(file, type, method, extended)
                && !isInherited(type, method)
                && !(type.isEnum() && Set.of("values", "valueOf").contains(method.getName()))) {
              found.add(file.name().substring(BASE.length() + 1) + "." + member);
            }
          }
        }
      }
    }
    return List.copyOf(found);
  }

  @Test
  void library_hasNoMethodsThatNobodyCallsButForTests() throws Exception {
    List<String> found = new ArrayList<>(unused());
    found.removeAll(FOR_TESTS);
    found.removeAll(FOR_OTHERS);
    assertEquals("", String.join("\n", found));
  }

  @Test
  void unused_findsWhatOnlyTestsCall() throws Exception {
    List<String> found = unused();
    assertTrue(found.contains("remote.QueueBudget.reserved()"), found.toString());
    assertTrue(found.contains("cli.Main.main(java.lang.String[])"), found.toString());
  }
}
