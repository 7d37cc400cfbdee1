package io.libprocess.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compiles small classes and looks at what is read from their files. */
@Timeout(600) // It computes, and waits for nobody.
class ClassFileTest {

  @TempDir Path folder;

  private ClassFiles compile(String name, String source) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-g", "-proc:none", "-d", folder.toString());
      assertTrue(
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjects(file))
              .call());
    }
    return ClassFiles.in(folder);
  }

  private ClassFile compileOne(String source) throws IOException {
    return compile("A", source).find("A").orElseThrow();
  }

  private static Set<String> uses(ClassFile file) {
    return file.uses().stream().map(Use::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  /* ------ Names ------ */

  /** Each construct names the class whose simple name is "Sought", and by nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "superclass | class A extends Sought {}",
        "interface | abstract class A implements Runnable, SoughtI {}",
        "argument of a supertype | abstract class A implements Comparable<Sought> {}",
        "bound of a class | class A<T extends Sought> {}",
        "second bound | class A<T extends Number & SoughtI> {}",
        "field | class A { Sought f; }",
        "array | class A { Sought[][] f; }",
        "argument of a field | class A { java.util.List<? extends Sought> f; }",
        "array in an argument | class A { java.util.List<Sought[]> f; }",
        "argument of an outer type | class A { Outer<Sought>.Inner f; }",
        "parameter | class A { void m(int i, Sought s) {} }",
        "result | class A { Sought m() { return null; } }",
        "bound of a method | class A { <T extends java.util.List<? super Sought>> void m() {} }",
        "exception | class A { void m() throws SoughtE {} }",
        "generic exception | class A { <T extends SoughtE> void m() throws T {} }",
        "caught | class A { void m() { try { m(); } catch (SoughtE e) { } } }",
        "new | class A { Object m() { return new Sought(); } }",
        "new array | class A { Object m() { return new Sought[1]; } }",
        "new arrays | class A { Object m() { return new Sought[1][2]; } }",
        "cast | class A { Object m(Object o) { return (Sought) o; } }",
        "instanceof | class A { boolean m(Object o) { return o instanceof Sought; } }",
        "class literal | class A { Object m() { return Sought.class; } }",
        "static method | class A { void m() { Sought.call(); } }",
        "field of another | class A { int m() { return Sought.field; } }",
        "method reference | class A { Runnable m() { return Sought::call; } }",
        "constructor reference | class A { Object m() { java.util.function.Supplier<?> s = Sought::new; return s; } }",
        "lambda | class A { Runnable m() { return () -> Sought.call(); } }",
        "type of a lambda | class A { SoughtF m() { return () -> {}; } }",
        "local variable | class A { void m() { java.util.List<Sought> s = null; } }",
        "annotation | @SoughtA class A {}",
        "annotation of a field | class A { @SoughtA int f; }",
        "annotation of a method | class A { @SoughtA void m() {} }",
        "annotation of a parameter | class A { void m(@SoughtA int i) {} }",
        "annotation of a type | class A { java.util.List<@SoughtT String> f; }",
        "annotation in code | class A { Object m() { return new @SoughtT String(); } }",
        "annotation of a bound | class A<T extends @SoughtT Number> {}",
        "annotation of a local | class A { void m() { @SoughtT int i = 1; } }",
        "annotation of a cast | class A { Object m(Object o) { return (@SoughtT String) o; } }",
        "class in an annotation | @Holds(Sought.class) class A {}",
        "enum in an annotation | @HoldsEnum(SoughtEnum.ONE) class A {}",
        "annotation in an annotation | @HoldsOne(@SoughtA) class A {}",
        "default of an annotation | @interface A { Class<?>[] value() default { Sought.class }; }",
        "record component | record A(Sought s) {}",
        "argument of a component | record A(java.util.List<Sought> s) {}",
        "annotation of a component | record A(@SoughtC int i) {}",
      })
  void references_findThe(String what, String source) throws IOException {
    String rest =
        """
        class Sought { static int field; static void call() {} }
        interface SoughtI {}
        interface SoughtF { void f(); }
        class SoughtE extends Exception {}
        class Outer<T> { class Inner {} }
        @interface SoughtA {}
        @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE) @interface SoughtT {}
        @java.lang.annotation.Target(java.lang.annotation.ElementType.RECORD_COMPONENT)
        @interface SoughtC {}
        enum SoughtEnum { ONE }
        @interface Holds { Class<?> value(); }
        @interface HoldsEnum { SoughtEnum value(); }
        @interface HoldsOne { SoughtA value(); }
        """;
    String caught =
        source.contains("catch") ? source.replace("void m()", "void m() throws SoughtE") : source;
    Set<String> references = compileOne(caught + "\n" + rest).references();

    assertTrue(references.stream().anyMatch(name -> name.startsWith("Sought")), what + references);
    assertFalse(references.contains("A"), references.toString());
  }

  @Test
  void references_findPermittedSubclasses() throws IOException {
    ClassFile file = compileOne("sealed interface A permits B {} final class B implements A {}");

    assertEquals(Set.of("B", "java.lang.Object"), file.references());
    assertTrue(file.declared().contains("B"));
    assertEquals(Set.of("B"), file.permitted());
  }

  @Test
  void references_findWhatAModuleNames() throws IOException {
    ClassFile file =
        compile(
                "module-info",
                """
                module m {
                  requires java.logging;
                  uses java.lang.System.LoggerFinder;
                }
                """)
            .find("module-info")
            .orElseThrow();

    assertTrue(file.references().contains("java.lang.System$LoggerFinder"));
    assertEquals("", file.superclass());
  }

  /* ------ Declarations ------ */

  @Test
  void declaration_isReadAsItWasWritten() throws IOException {
    ClassFiles files =
        compile(
            "A",
            """
            public abstract class A extends java.util.ArrayList<String> implements Runnable {
              protected static class Nested { private int f; public Nested(long l, String[] s) {} }
              Object anonymous() { return new Object() {}; }
            }
            """);
    ClassFile outer = files.find("A").orElseThrow();
    ClassFile nested = files.find("A$Nested").orElseThrow();

    assertEquals("java.util.ArrayList", outer.superclass());
    assertEquals(List.of("java.lang.Runnable"), outer.interfaces());
    assertEquals("A.java", outer.source());
    assertTrue(outer.isVisibleToOthers() && Modifier.isAbstract(outer.modifiers()));
    assertEquals("A", nested.outer());
    assertTrue(Modifier.isProtected(nested.modifiers()) && Modifier.isStatic(nested.modifiers()));
    assertEquals("A", files.find("A$1").orElseThrow().outer());
    assertEquals("f", nested.fields().get(0).toString());
    assertEquals("<init>(long, java.lang.String[])", nested.methods().get(0).toString());
    assertEquals(Set.of("java.lang.String"), nested.methods().get(0).types());
    assertFalse(nested.fields().get(0).isVisibleToOthers());
    assertTrue(nested.methods().get(0).isVisibleToOthers());
  }

  @Test
  void declaration_ofAGenericMethodNamesItsBoundsAndExceptions() throws IOException {
    Member method =
        compileOne(
                """
                class A {
                  <T extends Comparable<Long>> java.util.Map.Entry<T, ? super Short> m(T[] t)
                      throws java.io.IOException { return null; }
                }
                """)
            .methods()
            .get(1);

    assertEquals(
        Set.of(
            "java.io.IOException",
            "java.lang.Comparable",
            "java.lang.Long",
            "java.lang.Short",
            "java.util.Map$Entry"),
        method.types());
  }

  /* ------ Code ------ */

  @Test
  void uses_tellMembersClassesAndLines() throws IOException {
    ClassFile file =
        compileOne(
            """
            class A {
              Object m(int[] array) {
                System.out.print(1L);
                return array
                    .clone();
              }
            }
            """);

    List<Use> uses = file.methods().get(1).uses();

    assertEquals(
        List.of(
            new Use("java.lang.System", "out", "Ljava/io/PrintStream;", 3),
            new Use("java.io.PrintStream", "print", "(J)V", 3),
            new Use("java.lang.Object", "clone", "()Ljava/lang/Object;", 5)),
        uses.stream().filter(use -> !use.isClass()).toList());
    assertEquals("java.io.PrintStream.print(long)", uses.get(1).toString());
    assertEquals("java.lang.System.out", uses.get(0).toString());
  }

  @Test
  void uses_areFoundBehindEveryKindOfInstruction() throws IOException {
    String locals =
        IntStream.range(0, 300).mapToObj(i -> "long v" + i + " = i;").collect(Collectors.joining());
    String texts =
        IntStream.range(0, 300)
            .mapToObj(i -> "s = \"text" + i + "\";")
            .collect(Collectors.joining());
    ClassFile file =
        compileOne(
            """
            class A {
              static final long BIG = 1L << 40;
              static void marker(String where) {}
              static double m(int i, double d, String s, Object o) {
                switch (i) { case 1: marker("a"); break; case 2: marker("b"); break; case 3: break; }
                Math.abs(1);
                switch (i) { case 1: marker("a"); break; case 20000: marker("b"); break; }
                Math.abs(2L);
                %s
                int wide = i; wide += 1000; wide++;
                Math.abs(3f);
                %s
                d += BIG + 2.5 + 1e10f;
                Math.abs(4.0);
                int[][] arrays = new int[3][4];
                if (o instanceof String && d > 1) { synchronized (o) { marker(s + d + wide); } }
                return Math.sqrt(arrays[0][0]);
              }
            }
            """
                .formatted(locals, texts));

    assertTrue(
        uses(file)
            .containsAll(
                Set.of(
                    "java.lang.Math.abs(int)",
                    "java.lang.Math.abs(long)",
                    "java.lang.Math.abs(float)",
                    "java.lang.Math.abs(double)",
                    "java.lang.Math.sqrt(double)",
                    "java.lang.invoke.StringConcatFactory.makeConcatWithConstants("
                        + "java.lang.invoke.MethodHandles$Lookup, java.lang.String,"
                        + " java.lang.invoke.MethodType, java.lang.String, java.lang.Object[])")),
        uses(file).toString());
  }

  @Test
  void uses_ofLambdasCountForTheMethodThatHasThem() throws IOException {
    ClassFile file =
        compileOne(
            """
            class A {
              Runnable nested() {
                return () -> { Runnable r = () -> System.nanoTime(); r.run(); };
              }
              java.util.function.LongSupplier reference() { return System::nanoTime; }
              void none() {}
            }
            """);

    Set<String> users =
        file.usesByDeclaredMethod().entrySet().stream()
            .filter(
                entry ->
                    entry.getValue().stream()
                        .anyMatch(use -> use.toString().equals("java.lang.System.nanoTime()")))
            .map(entry -> entry.getKey().toString())
            .collect(Collectors.toSet());

    assertEquals(Set.of("nested()", "reference()"), users);
  }

  @Test
  void uses_areFoundBehindDynamicConstants() {
    ClassFile file = ClassFile.read(DynamicConstant.classFile());

    assertEquals(
        Set.of("java.lang.invoke.ConstantBootstraps.nullConstant()", "java.lang.Integer"),
        uses(file));
  }

  /* ------ Not a class file ------ */

  @Test
  void read_refusesOtherFiles() {
    byte[] cut = DynamicConstant.classFile();
    cut[0] = 0;

    assertThrows(IllegalArgumentException.class, () -> ClassFile.read(cut));
  }

  @Test
  void read_refusesMoreThanAClassFile() {
    byte[] bytes = DynamicConstant.classFile();
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);

    assertThrows(IllegalArgumentException.class, () -> ClassFile.read(longer));
  }
}
