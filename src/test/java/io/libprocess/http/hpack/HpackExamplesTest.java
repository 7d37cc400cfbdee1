package io.libprocess.http.hpack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7541, appendix C. */
class HpackExamplesTest {

  private static final List<String> FIRST =
      List.of(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
  private static final List<String> SECOND =
      List.of(
          ":method: GET",
          ":scheme: http",
          ":path: /",
          ":authority: www.example.com",
          "cache-control: no-cache");
  private static final List<String> THIRD =
      List.of(
          ":method: GET",
          ":scheme: https",
          ":path: /index.html",
          ":authority: www.example.com",
          "custom-key: custom-value");

  private static final List<String> FOUND =
      List.of(
          ":status: 302",
          "cache-control: private",
          "date: Mon, 21 Oct 2013 20:13:21 GMT",
          "location: https://www.example.com");
  private static final List<String> NOT_FOUND =
      List.of(
          ":status: 307",
          "cache-control: private",
          "date: Mon, 21 Oct 2013 20:13:21 GMT",
          "location: https://www.example.com");
  private static final List<String> LAST =
      List.of(
          ":status: 200",
          "cache-control: private",
          "date: Mon, 21 Oct 2013 20:13:22 GMT",
          "location: https://www.example.com",
          "content-encoding: gzip",
          "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");

  private static final String[] REQUESTS = {
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"
  };

  private static HpackDecoder decoder(int tableSize) {
    return new HpackDecoder(tableSize, 10_000);
  }

  private static List<String> decode(String hex) throws HpackException {
    return Collected.decode(decoder(4096), hex);
  }

  @Test
  void c2_singleFields() throws Exception {
    assertEquals(
        List.of("custom-key: custom-header"),
        decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
    assertEquals(List.of(":path: /sample/path"), decode("040c 2f73 616d 706c 652f 7061 7468"));
    assertEquals(
        List.of("password: secret [never]"), decode("1008 7061 7373 776f 7264 0673 6563 7265 74"));
    assertEquals(List.of(":method: GET"), decode("82"));
  }

  @Test
  void c3_requestsWithoutHuffman() throws Exception {
    HpackDecoder decoder = decoder(4096);
    assertEquals(
        FIRST, Collected.decode(decoder, "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"));
    assertEquals(SECOND, Collected.decode(decoder, "8286 84be 5808 6e6f 2d63 6163 6865"));
    assertEquals(
        THIRD,
        Collected.decode(
            decoder, "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"));
  }

  @Test
  void c4_requestsWithHuffman() throws Exception {
    HpackDecoder decoder = decoder(4096);
    assertEquals(FIRST, Collected.decode(decoder, REQUESTS[0]));
    assertEquals(SECOND, Collected.decode(decoder, REQUESTS[1]));
    assertEquals(THIRD, Collected.decode(decoder, REQUESTS[2]));
  }

  @Test
  void c4_isWhatTheEncoderWrites() {
    HpackEncoder encoder = new HpackEncoder();
    List<List<String>> requests = List.of(FIRST, SECOND, THIRD);
    for (int i = 0; i < REQUESTS.length; i++) {
      Octets out = new Octets();
      encoder.begin(out);
      for (String line : requests.get(i)) {
        int colon = line.indexOf(": ");
        encoder.encode(line.substring(0, colon), line.substring(colon + 2), false, out);
      }
      assertEquals(REQUESTS[i], HexFormat.of().formatHex(Arrays.copyOf(out.bytes, out.size)));
    }
  }

  @Test
  void c5_responsesWithoutHuffman() throws Exception {
    HpackDecoder decoder = decoder(256);
    assertEquals(
        FOUND,
        Collected.decode(
            decoder,
            """
            4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
            2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70
            6c65 2e63 6f6d"""));
    assertEquals(NOT_FOUND, Collected.decode(decoder, "4803 3330 37c1 c0bf"));
    assertEquals(
        LAST,
        Collected.decode(
            decoder,
            """
            88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d
            54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049
            5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e
            3d31"""));
  }

  @Test
  void c6_responsesWithHuffman() throws Exception {
    HpackDecoder decoder = decoder(256);
    assertEquals(
        FOUND,
        Collected.decode(
            decoder,
            """
            4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
            2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"""));
    assertEquals(NOT_FOUND, Collected.decode(decoder, "4883 640e ffc1 c0bf"));
    assertEquals(
        LAST,
        Collected.decode(
            decoder,
            """
            88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab
            77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f
            9587 3160 65c0 03ed 4ee5 b106 3d50 07"""));
  }
}
