package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contrasts of the page's colours in both themes, as the style sheet has them (WCAG 2.1 AA).
 */
class ContrastTest {

  private static final double TEXT = 4.5;
  private static final double CONTROL = 3;

  /** What text stands on, unless it has a background of its own. */
  private static final Set<String> GROUNDS = Set.of("bg", "surface", "raised", "accent-soft");

  /** The colours of text, each with the other backgrounds that are made for it. */
  private static final Map<String, Set<String>> OWN_GROUNDS =
      Map.of(
          "accent-ink", Set.of("accent"),
          "flame-ink", Set.of("flame-1", "flame-2", "flame-3"));

  /** Lines and shapes that say something: what can be used, what has the focus, what is plotted. */
  private static final List<String> SHAPES =
      List.of("edge", "accent", "muted", "ok", "bad", "series-1", "series-2", "series-3");

  private static final String CSS = css();

  private static String css() {
    try (InputStream file = Observer.class.getResourceAsStream("page/observer.css")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The colours by name, in the light theme or the dark one. */
  private static Map<String, double[]> colours(boolean dark) {
    Map<String, double[]> found = new TreeMap<>();
    Pattern.compile("--([\\w-]+): light-dark\\(#(\\w{6}), #(\\w{6})\\);")
        .matcher(CSS)
        .results()
        .forEach(match -> found.put(match.group(1), rgb(match.group(dark ? 3 : 2))));
    return found;
  }

  private static double[] rgb(String hex) {
    int value = Integer.parseInt(hex, 16);
    return new double[] {value >> 16, value >> 8 & 255, value & 255};
  }

  private static double luminance(double[] colour) {
    double[] share = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      double part = colour[i] / 255;
      sum += share[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  private static double contrast(double[] one, double[] other) {
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return Math.max(first, second) / Math.min(first, second);
  }

  private static Set<String> used(String property) {
    return Pattern.compile("[\\s{;]" + property + ":[^;]*var\\(--([\\w-]+)\\)")
        .matcher(CSS)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The pairs of colours whose contrast is too small. */
  private static List<String> faint(
      Map<String, double[]> colours, String front, Set<String> grounds, double least) {
    List<String> faint = new ArrayList<>();
    for (String ground : new TreeSet<>(grounds)) {
      double contrast = contrast(colours.get(front), colours.get(ground));
      if (contrast < least) {
        faint.add("%s on %s: %.2f".formatted(front, ground, contrast));
      }
    }
    return faint;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void text_isReadableOnAllThatItStandsOn(boolean dark) {
    Map<String, double[]> colours = colours(dark);
    Set<String> texts = used("color");
    assertTrue(texts.containsAll(Set.of("ink", "muted", "accent", "bad")), texts::toString);
    List<String> faint = new ArrayList<>();
    for (String text : texts) {
      Set<String> grounds = OWN_GROUNDS.getOrDefault(text, GROUNDS);
      faint.addAll(faint(colours, text, grounds, TEXT));
    }
    faint.addAll(faint(colours, "ink", Set.of("flame-own"), TEXT));
    assertEquals(List.of(), faint);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void controlsAndLines_areSeenOnAllThatTheyStandOn(boolean dark) {
    List<String> faint = new ArrayList<>();
    for (String shape : SHAPES) {
      faint.addAll(faint(colours(dark), shape, Set.of("bg", "surface", "raised"), CONTROL));
    }
    assertEquals(List.of(), faint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"button", "select", "input[type=\"search\"]"})
  void control_hasAnEdge(String control) {
    MatchResult rule =
        Pattern.compile("(?m)^([^{}\\n]+) \\{([^}]*)\\}")
            .matcher(CSS)
            .results()
            .filter(one -> List.of(one.group(1).split(", ")).contains(control))
            .findFirst()
            .orElseThrow();
    assertTrue(rule.group(2).contains("border: 1px solid var(--edge);"), rule::group);
  }

  /** A background that is not known here might make a text unreadable. */
  @ParameterizedTest
  @ValueSource(strings = {"background", "background-color"})
  void backgrounds_areThoseThatAreTested(String property) {
    Set<String> known = new TreeSet<>(GROUNDS);
    known.addAll(Set.of("accent", "flame-1", "flame-2", "flame-3", "flame-own"));
    known.addAll(Set.of("muted", "ok", "bad")); // Dots, which have no text.
    Set<String> unknown = used(property);
    unknown.removeAll(known);
    assertEquals(Set.of(), unknown);
  }
}
