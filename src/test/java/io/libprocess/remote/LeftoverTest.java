package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.metrics.Metrics;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeftoverTest {

  private final List<String> told = new ArrayList<>();

  private Receipt receipt(String name, boolean forMessage) {
    return new Receipt() {
      @Override
      public void answered(Answer answer) {}

      @Override
      public void lost(boolean written) {
        told.add(name + (written ? " written" : " unwritten"));
        if (name.equals("poor")) {
          throw new OutOfMemoryError("of a test");
        }
      }

      @Override
      public boolean isForMessage() {
        return forMessage;
      }
    };
  }

  private static Outgoing outgoing(Receipt receipt) {
    return Outgoing.of(new byte[0], new byte[0], receipt);
  }

  private Leftover leftover(int unanswered, Receipt... unsent) {
    List<Outgoing> requests = new ArrayList<>();
    for (Receipt receipt : unsent) {
      requests.add(outgoing(receipt));
    }
    return new Leftover(
        new Unanswered.Lost(unanswered, List.of(receipt("poor", true), receipt("a", true))),
        requests);
  }

  @Test
  void messages_areThoseWithoutAnAnswerAndThoseUnsent() {
    assertEquals(5, leftover(3, null, receipt("notice", false), receipt("b", true)).messages());
    assertEquals(0, leftover(0).messages());
  }

  @Test
  void text_countsThem() {
    assertEquals(
        "The connection to x closed, 1 message was not answered",
        leftover(1).text("x", Optional.empty()));
    String cause = leftover(1, (Receipt) null).text("x", Optional.of(new IOException("reset")));
    assertEquals("The connection to x closed, 2 messages were not answered: reset", cause);
  }

  @Test
  void receipts_areAllToldInOrder() {
    leftover(2, receipt("poor", true), null, receipt("notice", false), receipt("b", true))
        .tell("x", new MessageCounts(new Metrics()));
    assertEquals(
        List.of("poor written", "a written", "poor unwritten", "notice unwritten", "b unwritten"),
        told);
  }
}
