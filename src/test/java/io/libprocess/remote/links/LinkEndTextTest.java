package io.libprocess.remote.links;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.Indescribable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkEndTextTest {

  @Test
  void encode_namesTheClassOfACauseThatCannotSayWhatItIs() {
    LinkEnd end = new LinkEnd(LinkEnd.Reason.FAILED, Optional.of(new Indescribable()));

    assertEquals(
        "FAILED " + Indescribable.class.getName(),
        new String(end.encode(), StandardCharsets.UTF_8));
  }
}
