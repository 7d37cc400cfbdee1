package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Documentation.Example;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the README and the pages beside the Javadoc show compiles and prints what they say, they
 * name every setting there is, and their links lead somewhere.
 */
@Timeout(600) // It computes, and waits for nobody.
class ReadmeTest {

  private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)");
  private static final Pattern HTML_LINK = Pattern.compile("href=\"([^\"#]+)(?:#[^\"]*)?\"");

  @TempDir static Path output;

  private static List<String> problems;

  /** Compiles all examples together, which takes a tenth of the time that each alone takes. */
  @BeforeAll
  static void compile() {
    problems = problems(Documentation.examples(), output);
  }

  private static List<String> problems(List<Example> examples, Path output) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-Xlint:all,-path",
            "-d",
            output.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    List<Source> sources = examples.stream().map(Source::new).toList();
    ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, problems, options, null, sources)
        .call();
    return problems.getDiagnostics().stream().map(Object::toString).toList();
  }

  private static final class Source extends SimpleJavaFileObject {

    private final Example example;

    Source(Example example) {
      super(
          URI.create("string:///" + example.place() + "/" + example.className() + ".java"),
          JavaFileObject.Kind.SOURCE);
      this.example = example;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return example.source();
    }
  }

  static Stream<Example> programs() {
    return Documentation.examples().stream().filter(example -> example.output() != null);
  }

  @Test
  void readme_hasExamples() {
    assertTrue(Documentation.readmeExamples().size() >= 3);
  }

  @Test
  void examples_compileWithoutWarnings() {
    assertEquals(List.of(), problems);
  }

  @Test
  void example_thatIsWrongIsNoticed() {
    Example wrong = new Example(Path.of("wrong"), "final class Wrong { int x = \"text\"; }", null);
    assertEquals(1, problems(List.of(wrong), output).size());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void program_printsWhatIsShown(Example program) throws Exception {
    assertEquals(program.output(), outputOf(program.className()));
  }

  private static String outputOf(String className) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] classes = {output.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, ReadmeTest.class.getClassLoader());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Method main = loader.loadClass(className).getDeclaredMethod("main", String[].class);
      main.setAccessible(true); // The class is not public.
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  @Test
  void everySetting_isExplained() {
    String text = Documentation.text(Documentation.PAGES.resolve("settings.html"));
    for (String setting : ConfigSettings.variables()) {
      assertTrue(text.contains("<code>" + setting + "</code>"), setting);
    }
  }

  @Test
  void coordinates_areThoseOfTheProject() {
    Pattern coordinates =
        Pattern.compile(
            "<groupId>(.+)</groupId>\\s+<artifactId>(.+)</artifactId>\\s+<version>(.+)</version>");
    assertEquals(first(coordinates, Path.of("pom.xml")), first(coordinates, Documentation.README));
  }

  private static List<String> first(Pattern pattern, Path file) {
    Matcher matcher = pattern.matcher(Documentation.text(file));
    assertTrue(matcher.find(), file.toString());
    return List.of(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  @Test
  void everyLink_leadsSomewhere() {
    List<String> broken = new ArrayList<>();
    broken.addAll(broken(Documentation.README, MARKDOWN_LINK));
    Documentation.pages().forEach(page -> broken.addAll(broken(page, HTML_LINK)));
    assertEquals(List.of(), broken);
  }

  private static List<String> broken(Path file, Pattern pattern) {
    return pattern
        .matcher(Documentation.text(file))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.startsWith("https:"))
        .filter(link -> !Files.exists(file.resolveSibling(link)))
        .map(link -> file + ": " + link)
        .toList();
  }

  @Test
  void everyPage_canBeReachedFromTheGuide() {
    String guide = Documentation.text(Documentation.PAGES.resolve("guide.html"));
    for (Path page : Documentation.pages()) {
      String name = page.getFileName().toString();
      assertTrue(name.equals("guide.html") || guide.contains("href=\"" + name + "\""), name);
    }
    assertFalse(Documentation.pages().isEmpty());
  }
}
