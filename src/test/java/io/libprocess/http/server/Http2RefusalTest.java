package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.http.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests by HTTP/2 that no handler sees. */
class Http2RefusalTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requestThatIsRefused_isTold_andOthersAreNot(boolean bytewise) {
    List<Integer> told = new ArrayList<>();
    try (Http2Fixture client = new Http2Fixture(bytewise, Limits.defaults(), null)) {
      client.server.server.tellRefusals((address, answer) -> told.add(answer.status().code()));
      client.open();
      client.receive(Http2Wire.get(1, "/known"));
      client.receive(Http2Wire.get(3, "/?a=%zz"));
      client.assertCalled("/known");
      assertEquals(List.of(400), told);
    }
  }
}
