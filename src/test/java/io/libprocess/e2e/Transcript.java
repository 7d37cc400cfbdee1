package io.libprocess.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recordings of C++ nodes: see the beginning of the files. */
final class Transcript {

  private static final String NODE_PORT = "25053";
  private static final String PEER_PORT = "25060";

  enum Kind {
    SEND,
    RECV,
    REPLY,
    EOF
  }

  record Step(Kind kind, String bytes) {}

  private final Map<String, List<Step>> cases = new LinkedHashMap<>();

  private Transcript() {}

  /** Reads a file, with the ports replaced by those of the test. */
  static Transcript read(String file, int nodePort, int peerPort) throws IOException {
    Transcript transcript = new Transcript();
    List<Step> steps = new ArrayList<>();
    Kind kind = Kind.EOF;
    int size = 0;
    StringBuilder bytes = new StringBuilder();
    for (String line : (text(file) + "EOF\n").lines().toList()) {
      if (line.startsWith("|")) {
        bytes.append(line.substring(1).replace("\\r", "\r").replace("\\n", "\n"));
        continue;
      }
      if (kind != Kind.EOF) {
        if (bytes.length() != size) {
          throw new IOException(
              file + ": " + bytes.length() + " bytes, not " + size + ": " + bytes);
        }
        String here = bytes.toString().replace(NODE_PORT, nodePort + "");
        steps.add(new Step(kind, here.replace(PEER_PORT, peerPort + "")));
        bytes.setLength(0);
        kind = Kind.EOF;
      }
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "===" -> transcript.cases.put(words[1], steps = new ArrayList<>());
        case "SEND", "RECV", "REPLY" -> {
          kind = Kind.valueOf(words[0]);
          size = Integer.parseInt(words[1]);
        }
        case "EOF" -> steps.add(new Step(Kind.EOF, ""));
        default -> {}
      }
    }
    steps.remove(steps.size() - 1); // What was added to the text.
    return transcript;
  }

  private static String text(String file) throws IOException {
    try (InputStream in = Transcript.class.getResourceAsStream("/io/libprocess/wire/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** All bytes of one kind in a case, one after another. */
  String all(String name, Kind kind) {
    StringBuilder all = new StringBuilder();
    for (Step step : cases.get(name)) {
      all.append(step.kind() == kind ? step.bytes() : "");
    }
    return all.toString();
  }

  boolean ends(String name) {
    return cases.get(name).stream().anyMatch(step -> step.kind() == Kind.EOF);
  }
}
