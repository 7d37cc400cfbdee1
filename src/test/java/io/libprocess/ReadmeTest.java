package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the README compile, and it names every setting. */
@Timeout(600) // It computes, and waits for nobody.
class ReadmeTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("final class (\\w+)");

  @TempDir Path output;

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  static Stream<String> examples() throws IOException {
    return JAVA.matcher(readme()).results().map(result -> result.group(1));
  }

  @Test
  void readme_hasExamples() throws IOException {
    assertTrue(examples().count() >= 4);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_compilesWithoutWarnings(String example) {
    assertEquals(List.of(), problems(example));
  }

  @Test
  void example_thatIsWrongIsNoticed() {
    assertEquals(1, problems("final class Wrong { int x = \"text\"; }").size());
  }

  private List<String> problems(String example) {
    String name =
        CLASS.matcher(example).results().map(MatchResult::group).findFirst().orElseThrow();
    String file = "/" + name.substring(name.lastIndexOf(' ') + 1) + ".java";
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string://" + file), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return example;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-Xlint:all,-path",
            "-d",
            output.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    compiler.getTask(null, null, problems, options, null, List.of(source)).call();
    return problems.getDiagnostics().stream().map(Object::toString).toList();
  }

  @Test
  void everySetting_isExplained() throws IOException {
    String text = readme();
    for (String setting : Config.variables()) {
      assertTrue(text.contains("`" + setting + "`"), setting);
    }
  }
}
