package io.libprocess.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.http.Headers;
import io.libprocess.http.grpc.GrpcCode;
import io.libprocess.http.grpc.GrpcWireException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metadata, and the fields that they are. */
@Timeout(60)
class GrpcMetadataTest {

  private static final byte[] BYTES = {0, (byte) 0xFF, 1, 2};

  private static Headers fields(GrpcMetadata metadata) {
    Headers.Builder fields = Headers.builder();
    metadata.addTo(fields);
    return fields.build();
  }

  @Test
  void values_areTextsAndBytes() throws Exception {
    GrpcMetadata metadata =
        GrpcMetadata.builder()
            .add("a", "1")
            .add("b-bin", BYTES)
            .add("a", "2")
            .addAll(GrpcMetadata.of("user.id_0", "x y"))
            .build();

    assertEquals(Set.of("a", "b-bin", "user.id_0"), metadata.names());
    assertEquals(List.of("1", "2"), metadata.texts("a"));
    assertEquals("1", metadata.text("a").orElseThrow());
    assertArrayEquals(BYTES, metadata.bytes("b-bin").orElseThrow());
    assertEquals(
        Headers.of("a", "1", "b-bin", "AP8BAg", "a", "2", "user.id_0", "x y"), fields(metadata));
    GrpcMetadata read = GrpcMetadata.in(fields(metadata));
    assertEquals(fields(metadata), fields(read));
    assertEquals(4 * 32 + 1 + 1 + 5 + 6 + 1 + 1 + 9 + 3, metadata.size());
  }

  @Test
  void bytes_areReadWithAndWithoutPadding_andSeveralInAField() throws Exception {
    GrpcMetadata read =
        GrpcMetadata.in(Headers.of("k-bin", "AP8BAg==,AP8BAg, AA", "l-bin", "", "m", "a,b"));

    List<byte[]> found = read.allBytes("k-bin");
    assertEquals(3, found.size());
    assertArrayEquals(BYTES, found.get(0));
    assertArrayEquals(BYTES, found.get(1));
    assertArrayEquals(new byte[] {0}, found.get(2));
    assertArrayEquals(new byte[0], read.bytes("l-bin").orElseThrow());
    assertEquals(List.of("a,b"), read.texts("m"));
  }

  @Test
  void bytesThatCannotBeDecoded_areAnInternalError() {
    for (String wrong : new String[] {"?", "A", "AP8=BAg"}) {
      GrpcWireException refusal =
          assertThrows(
              GrpcWireException.class, () -> GrpcMetadata.in(Headers.of("k-bin", wrong)), wrong);
      assertEquals(GrpcCode.INTERNAL, refusal.code());
      assertEquals("the value of k-bin is not base64", refusal.getMessage());
    }
  }

  @Test
  void fieldsOfHttpAndOfGrpc_areNoMetadata() throws Exception {
    GrpcMetadata read =
        GrpcMetadata.in(
            Headers.of(
                "Host",
                "h",
                "te",
                "trailers",
                "content-type",
                "application/grpc",
                "grpc-timeout",
                "1S",
                "grpc-status",
                "0",
                "User-Agent",
                "u"));

    assertEquals(Set.of("user-agent"), read.names());
  }

  @Test
  void illegalNamesAndValues_areRefused() {
    for (String name : new String[] {"", "A", "a b", "grpc-x", "te", ":path", "ä"}) {
      assertThrows(IllegalArgumentException.class, () -> GrpcMetadata.of(name, "v"), name);
    }
    for (String value : new String[] {" a", "a ", "\n", "ä", "a\u007F"}) {
      assertThrows(IllegalArgumentException.class, () -> GrpcMetadata.of("k", value), value);
    }
    GrpcMetadata.Builder builder = GrpcMetadata.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.add("k-bin", "text"));
    assertThrows(IllegalArgumentException.class, () -> builder.add("k", BYTES));
    assertThrows(IllegalArgumentException.class, () -> GrpcMetadata.of("k"));
  }
}
