package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkEndTextTest {

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("on purpose");
    }
  }

  @Test
  void encode_namesTheClassOfACauseThatCannotSayWhatItIs() {
    LinkEnd end = new LinkEnd(LinkEnd.Reason.FAILED, Optional.of(new Unspeakable()));

    assertEquals(
        "FAILED " + Unspeakable.class.getName(), new String(end.encode(), StandardCharsets.UTF_8));
  }
}
