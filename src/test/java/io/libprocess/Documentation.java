package io.libprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What users read: the README, and the pages beside the Javadoc. Immutable values, for any thread.
 */
final class Documentation {

  static final Path README = Path.of("README.md");
  static final Path PAGES = Path.of("src/main/java/io/libprocess/doc-files");

  private static final Pattern FENCED = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern BLOCK =
      Pattern.compile("<pre class=\"(\\w+)\">\n(.*?)\n</pre>", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("final class (\\w+)");

  /**
   * A Java source that is shown.
   *
   * @param place the file that shows it
   * @param output what it prints, or null if it is not run
   */
  record Example(Path place, String source, String output) {

    /** The name of its top-level class. */
    String className() {
      Matcher matcher = CLASS.matcher(source);
      if (!matcher.find()) {
        throw new AssertionError("no final class in an example of " + place + ":\n" + source);
      }
      return matcher.group(1);
    }

    @Override
    public String toString() {
      return place.getFileName() + ", " + className();
    }
  }

  private Documentation() {}

  static List<Path> pages() {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All examples, of the README and of the pages. */
  static List<Example> examples() {
    List<Example> examples = new ArrayList<>(readmeExamples());
    pages().forEach(page -> examples.addAll(examples(page)));
    return examples;
  }

  static List<Example> readmeExamples() {
    return FENCED
        .matcher(text(README))
        .results()
        .map(block -> new Example(README, block.group(1), null))
        .toList();
  }

  /**
   * The examples of a page: a block "java" is only compiled, a block "program" is run too and must
   * print what the block "output" behind it shows.
   */
  private static List<Example> examples(Path page) {
    List<Example> examples = new ArrayList<>();
    String program = null;
    Matcher blocks = BLOCK.matcher(text(page));
    while (blocks.find()) {
      String content = unescaped(blocks.group(2));
      boolean isOutput = blocks.group(1).equals("output");
      if (isOutput != (program != null)) {
        throw new AssertionError("a program and its output do not follow each other in " + page);
      }
      switch (blocks.group(1)) {
        case "java" -> examples.add(new Example(page, content, null));
        case "program" -> program = content;
        case "output" -> {
          examples.add(new Example(page, program, content + "\n"));
          program = null;
        }
        case "text" -> {}
        default -> throw new AssertionError("a block of class " + blocks.group(1) + " in " + page);
      }
    }
    return examples;
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#64;", "@")
        .replace("&amp;", "&");
  }
}
