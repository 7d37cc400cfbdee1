package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.client.ClientFixture;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Header lines of servers that continue the field before them. */
class FoldedFieldsTest {

  private static final int MOST = 100;

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  private Future<Response> answered(String... fields) {
    Future<Response> response = client.send("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 0", String.join("\r\n", fields), "", "");
    return response;
  }

  private static void assertField(String value, Future<Response> response) {
    assertTrue(response.isReady(), response::toString);
    assertEquals(Optional.of(value), response.get().headers().first("X"));
    assertEquals(Optional.of("yes"), response.get().headers().first("Last"));
  }

  @Test
  void lines_areJoinedByABlank() {
    assertField("a b c", answered("X: a", " b", "\t  c \t", "Last: yes"));
    assertField("b", answered("X:", "  b", "Last: yes"));
    assertField("a", answered("X: a", "  ", "Last: yes"));
  }

  @Test
  void field_thatIsKnownButDoesNotFrameTheBody_mayBeFolded() {
    Future<Response> response = answered("Date: a", " b", "X: a", "Last: yes");
    assertField("a", response);
    assertEquals(Optional.of("a b"), response.get().headers().first("Date"));
  }

  @Test
  void head_mayHaveAHundredOfThem() {
    String[] fields = new String[MOST + 2];
    StringBuilder value = new StringBuilder("0");
    fields[0] = "X: 0";
    for (int i = 1; i <= MOST; i++) {
      fields[i] = " " + i;
      value.append(' ').append(i);
    }
    fields[MOST + 1] = "Last: yes";
    assertField(value.toString(), answered(fields));
    assertField(value.toString(), answered(fields));
    fields[MOST + 1] = " too many";
    assertTrue(answered(fields).isFailed());
  }
}
