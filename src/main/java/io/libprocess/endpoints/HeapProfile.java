package io.libprocess.endpoints;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the stacks of a recording as text, one per line, and as a flame graph. */
final class HeapProfile {

  private static final int WIDTH = 1200;
  private static final int ROW = 18;
  private static final double LEAST_WIDTH = 0.5; // Narrower frames are not drawn.
  private static final int CHARACTER = 7;

  private HeapProfile() {}

  /** Writes the stacks as text, the heaviest first, each followed by its weight. */
  static void writeText(Map<String, Long> stacks, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    stacks.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> lines.add(entry.getKey() + " " + entry.getValue()));
    Files.write(file, lines);
  }

  /**
   * Writes the stacks as a flame graph: the width of a frame is the total weight recorded in it.
   */
  static void writeGraph(Map<String, Long> stacks, Path file) throws IOException {
    Frame root = new Frame("all");
    stacks.forEach((stack, weight) -> root.add(stack.split(";"), weight));
    StringBuilder svg = new StringBuilder();
    int height = (root.depth() + 1) * ROW;
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"monospace\"")
        .append(" font-size=\"11\" viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(height)
        .append("\">\n");
    root.draw(svg, 0, height - ROW, root.weight == 0 ? 0 : (double) WIDTH / root.weight);
    Files.write(file, svg.append("</svg>\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A method, with the methods that it called. */
  private static final class Frame {
    private final String name;
    private final Map<String, Frame> called = new LinkedHashMap<>();
    private long weight;

    Frame(String name) {
      this.name = name;
    }

    void add(String[] stack, long added) {
      Frame frame = this;
      frame.weight += added;
      for (String method : stack) {
        frame = frame.called.computeIfAbsent(method, Frame::new);
        frame.weight += added;
      }
    }

    int depth() {
      return 1 + called.values().stream().mapToInt(Frame::depth).max().orElse(0);
    }

    void draw(StringBuilder svg, double left, int top, double scale) {
      double width = weight * scale;
      if (width < LEAST_WIDTH) {
        return;
      }
      String escaped = escaped(name);
      svg.append("<g><title>").append(escaped).append(": ").append(weight).append("</title>");
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"hsl(%d,60%%,70%%)\"/>",
              left,
              top,
              width,
              ROW - 1,
              20 + Math.floorMod(name.hashCode(), 40)));
      int room = (int) (width / CHARACTER);
      if (room > 2) {
        String shown =
            name.length() <= room ? name : ".." + name.substring(name.length() - room + 2);
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\">%s</text>",
                left + 2,
                top + ROW - 5,
                escaped(shown)));
      }
      svg.append("</g>\n");
      double at = left;
      for (Frame frame : called.values()) {
        frame.draw(svg, at, top - ROW, scale);
        at += frame.weight * scale;
      }
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
  }
}
