package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.Receipt;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are counted to find the requests that they are for. */
class UnansweredTest {

  private final Unanswered unanswered = new Unanswered();

  /** A receipt that nobody looks at. */
  private static Receipt receipt(boolean forMessage) {
    return new Receipt() {
      @Override
      public void answered(Answer answer) {}

      @Override
      public void lost(boolean written) {}

      @Override
      public boolean isForMessage() {
        return forMessage;
      }
    };
  }

  @Test
  void answers_areForTheRequestsInTheirOrder() {
    Receipt second = receipt(true);
    Receipt third = receipt(false);
    unanswered.written(null);
    unanswered.written(second);
    unanswered.written(third);
    unanswered.written(null);
    assertEquals(2, unanswered.receipts());

    assertEquals(List.of(), unanswered.answered(1));
    assertEquals(List.of(second), unanswered.answered(1));
    assertEquals(1, unanswered.receipts());
    assertFalse(unanswered.isEmpty());
    assertEquals(List.of(third), unanswered.answered(2));
    assertTrue(unanswered.isEmpty());
  }

  @Test
  void answersToNothing_doNotCountForLaterRequests() {
    unanswered.written(null);
    assertEquals(List.of(), unanswered.answered(5));
    assertTrue(unanswered.isEmpty());

    Receipt receipt = receipt(true);
    unanswered.written(receipt);
    assertFalse(unanswered.isEmpty());
    assertEquals(List.of(receipt), unanswered.answered(1));
  }

  @Test
  void lost_areTheMessagesWithoutAnAnswer_andAllReceipts() {
    Receipt message = receipt(true);
    Receipt other = receipt(false);
    unanswered.written(null);
    unanswered.written(null);
    unanswered.written(message);
    unanswered.written(other);
    unanswered.answered(1);

    assertEquals(2, unanswered.waiting().messages());
    assertEquals(List.of(message, other), unanswered.waiting().receipts());

    unanswered.clear();
    assertTrue(unanswered.isEmpty());
    assertEquals(0, unanswered.waiting().messages());
    assertEquals(List.of(), unanswered.waiting().receipts());
  }
}
