package io.libprocess.http.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentCodingTest {

  private static final Request REQUEST = Request.get("/").withHeader("Accept-Encoding", "gzip");

  private static Response of(int size) {
    return Response.ok("x".repeat(size));
  }

  @Test
  void smallBodies_andThoseOfOthers_areNotCoded() {
    assertTrue(ContentCoding.isWanted(REQUEST, of(1024)));
    assertFalse(ContentCoding.isWanted(REQUEST, of(1023)));
    assertFalse(ContentCoding.isWanted(Request.get("/"), of(1024)));
    assertFalse(
        ContentCoding.isWanted(REQUEST, of(1024).withHeader("Content-Type", "application/grpc+a")));
    assertFalse(ContentCoding.isWanted(REQUEST, of(1024).withHeader("Content-Encoding", "br")));
    assertFalse(ContentCoding.isWanted(REQUEST, of(1024).withHeader("Content-Range", "bytes 0-1")));
    assertFalse(
        ContentCoding.isWanted(REQUEST, of(1024).withHeader("Cache-Control", "No-Transform")));
  }

  @Test
  void work_isLongFrom64Kibibytes() {
    assertFalse(ContentCoding.takesLong(of((64 << 10) - 1)));
    assertTrue(ContentCoding.takesLong(of(64 << 10)));
  }

  @Test
  void bodyThatDoesNotBecomeShorter_isSentAsItIs() {
    byte[] noise = new byte[2000];
    new Random(1).nextBytes(noise);
    Response plain = Response.ok("").withBody(Body.of(Chunk.of(noise)));
    assertSame(plain, ContentCoding.encoded(plain));
  }

  @Test
  void codedBody_hasAWeakTag() {
    Response coded = ContentCoding.encoded(of(2000).withHeader("ETag", "\"a\""));
    assertEquals(Optional.of("gzip"), coded.headers().first("Content-Encoding"));
    assertEquals(Optional.of("Accept-Encoding"), coded.headers().first("Vary"));
    assertEquals(Optional.of("W/\"a\""), coded.headers().first("ETag"));
  }
}
