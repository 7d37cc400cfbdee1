package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests count as messages between processes, whose targets may be of any bytes. */
class RequestOfProcessTest {

  private static String post(String target, String... fields) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: a\r\n"
        + String.join("\r\n", fields)
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Libprocess-From: a@1.2.3.4:5",
        "User-Agent: libprocess/a@1.2.3.4:5",
        "User-Agent: Libprocess/",
        "Libprocess-From: a@1.2.3.4:5\r\nUser-Agent: curl",
        "User-Agent: curl\r\nLibprocess-From: a@1.2.3.4:5"
      })
  void target_ofAMessageMayBeBeyondAscii(String fields) {
    assertEquals(Optional.empty(), Parsed.parse(post("/\u00e9", fields)).rejection());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"User-Agent: libprocess", "User-Agent: a", "User-Agent: curl/7.88.1", "X: y"})
  void target_ofAnyOtherRequestMayNot(String field) {
    assertEquals(400, Parsed.parse(post("/\u00e9", field)).code());
    String message = post("/\u00e9", "Libprocess-From: a@1.2.3.4:5");
    Parsed two = Parsed.parse(message + post("/\u00e9", field));
    assertEquals(1, two.messages().size());
    assertEquals(400, two.code());
  }
}
