package io.libprocess.remote.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of other nodes are told apart however their bytes arrive. */
class AnswerParserTest {

  private static final String ACCEPTED = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
  private static final String LINK = MessageEncoder.LINK + ": 7.8\r\n";
  private static final Answer OF_ACCEPTED = new Answer(202, false, null);

  private static final String WIRE =
      ACCEPTED
          + ACCEPTED
          + ACCEPTED
          // The body looks like an answer.
          + ("HTTP/1.1 404 Not Found\r\ncontent-length:  " + ACCEPTED.length() + " \r\n\r\n")
          + ACCEPTED
          + "HTTP/1.0 200\n\n" // As short as a status line may be, and without a length.
          + ACCEPTED
          + ("HTTP/1.1 202 Accepted\r\n" + LINK + "Content-Length: 0\r\n\r\n")
          + ("HTTP/1.1 404 Not Found\r\n" + LINK.toLowerCase(Locale.ROOT))
          + (MessageEncoder.END + ": 12 abc \r\n\r\n")
          + "HTTP/1.1 100 Continue\r\n\r\n"
          + "HTTP/1.1 199 Interim\r\n\r\n"
          + ACCEPTED
          + ("HTTP/1.1 503 Busy\r\nX: " + "x".repeat(600) + "\r\n\r\n").repeat(2)
          + ACCEPTED;

  private static final List<Answer> ANSWERS =
      List.of(
          OF_ACCEPTED,
          OF_ACCEPTED,
          OF_ACCEPTED,
          new Answer(404, false, null),
          new Answer(200, false, null),
          OF_ACCEPTED,
          new Answer(202, true, null),
          new Answer(404, true, "12 abc"),
          OF_ACCEPTED,
          new Answer(503, false, null),
          new Answer(503, false, null),
          OF_ACCEPTED);

  private final List<Answer> answers = new ArrayList<>();
  private final List<Integer> counts = new ArrayList<>();
  private final AnswerParser parser =
      new AnswerParser(
          (answer, count) -> {
            counts.add(count);
            for (int i = 0; i < count; i++) {
              answers.add(answer);
            }
          });

  private void read(String text) {
    parser.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 45, 46, 47, 100, 1000, 10_000})
  void answers_inPiecesOfAnySize(int size) {
    for (int at = 0; at < WIRE.length(); at += size) {
      read(WIRE.substring(at, Math.min(WIRE.length(), at + size)));
    }
    assertEquals(ANSWERS, answers);
  }

  @Test
  void answers_inTwoPieces() {
    for (int cut = 0; cut <= WIRE.length(); cut++) {
      answers.clear();
      read(WIRE.substring(0, cut));
      read(WIRE.substring(cut));
      assertEquals(ANSWERS, answers, "cut at " + cut);
    }
  }

  @Test
  void equalAnswers_areToldTogether() {
    read(ACCEPTED);
    String half = ACCEPTED.substring(0, 20);
    read(ACCEPTED.repeat(5) + half);
    read(ACCEPTED.substring(20) + ACCEPTED.repeat(2));
    assertEquals(List.of(1, 5, 1, 2), counts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SMTP/1.1 200 OK\r\n",
        "HTTP/2.0 200 OK\r\n",
        "HTTP/1.1 20\r\n",
        "\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n"
      })
  void whatIsNoAnswer_isAnError(String wire) {
    assertThrows(IllegalArgumentException.class, () -> read(wire));
  }

  @Test
  void line_hasALimit() {
    String start = "HTTP/1.1 200 OK\r\nX: ";
    read(start + "x".repeat(8192 - 4) + "\r\n\r\n");
    assertEquals(List.of(new Answer(200, false, null)), answers);
    String wire = start + "x".repeat(8192 - 3) + "\r\n";
    assertThrows(IllegalArgumentException.class, () -> read(wire));
  }
}
