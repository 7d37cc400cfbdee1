package io.libprocess.http.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.support.Expect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipartTest {

  private static final String FORM =
      ("preamble\r\n--xx\r\n")
          + ("Content-Disposition: form-data; name=\"text\"\r\n\r\n")
          + ("a\r\n--x\r\n-\r\r\nb\r\n--xx  \t\r\n")
          + ("content-disposition: form-data; filename=\"C:\\tmp\\a\\\"b;\u00e4.txt\"; name=file\r\n")
          + ("Content-Type: text/plain\r\n\r\n")
          + ("\r\n\r\n--xx\r\n")
          + ("Content-Disposition: form-data; name=\"empty\"\r\n\r\n")
          + ("\r\n--xx--\r\nepilogue --xx\r\n--xx\r\n");

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Request request(Body body) {
    return Request.post("/", body)
        .withHeader("Content-Type", "multipart/form-data; charset=x; boundary=\"xx\"");
  }

  private static String shown(Multipart.Part part, Chunk content) {
    return part.name()
        + part.filename().map(name -> "(" + name + ")").orElse("")
        + "="
        + content.utf8();
  }

  private static Future<List<String>> parts(Request request, FormLimits limits) {
    return Multipart.read(
        request, limits, part -> part.bytes(1000).map(content -> shown(part, content)));
  }

  /** A body that comes in pieces of some sizes. */
  private static Body inPieces(byte[] bytes, Random random, int largest) {
    Pipe<Chunk> pipe = Pipe.unbounded();
    for (int from = 0, to; from < bytes.length; from = to) {
      to = Math.min(bytes.length, from + 1 + (largest == 1 ? 0 : random.nextInt(largest)));
      pipe.writer().write(Chunk.of(Arrays.copyOfRange(bytes, from, to)));
    }
    pipe.writer().close();
    return Body.of(pipe.reader());
  }

  private static final List<String> PARTS =
      List.of("text=a\r\n--x\r\n-\r\r\nb", "file(a\"b;\u00e4.txt)=\r\n", "empty=");

  @Test
  void parts_areFound_whateverThePiecesAre() {
    byte[] bytes = utf8(FORM);
    assertEquals(
        PARTS, Expect.ready(parts(request(Body.of(Chunk.of(bytes))), FormLimits.defaults())));
    Random random = new Random(5);
    for (int largest : List.of(1, 2, 3, 7, 50)) {
      for (int i = 0; i < 20; i++) {
        Request request = request(inPieces(bytes, random, largest));
        assertEquals(PARTS, Expect.ready(parts(request, FormLimits.defaults())));
      }
    }
  }

  @Test
  void form_holdsFieldsAndFiles() {
    Form form = Expect.ready(Form.read(request(Body.of(FORM))));
    assertEquals(List.of("text", "empty"), form.names());
    assertEquals(Optional.of(""), form.field("empty"));
    assertEquals(1, form.files().size());
    Form.File file = form.files().get(0);
    assertEquals("text/plain \r\n", file.contentType() + " " + file.content().utf8());
    assertEquals("Form of [text, empty] and 1 files", form.toString());
  }

  @Test
  void form_ofPairs_keepsAllValues() {
    Request request =
        Request.post("/", Body.of("a=1&b=x+y%26;z&a=2&&c"))
            .withHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    Form form = Expect.ready(Form.read(request));
    assertEquals(List.of("1", "2"), form.all("a"));
    assertEquals(Optional.of("x y&;z"), form.field("b"));
    assertEquals(Optional.of(""), form.field("c"));
    assertEquals(List.of(), form.all("d"));
    assertEquals(413, status(Form.read(request, FormLimits.defaults().withParts(3))));
    assertEquals(413, status(Form.read(request, FormLimits.defaults().withMemory(5))));
    assertEquals(400, status(Form.read(request.withBody(Body.of("a=%4")))));
    assertEquals(415, status(Form.read(Request.post("/", Body.of("a=1")))));
  }

  private static int status(Future<?> failed) {
    return ((StatusException) Expect.failure(failed)).status().code();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "--xx",
        "--xxy",
        "--xx\\r\\nContent-Disposition: form-data; name=a\\r\\n\\r\\nno end",
        "--xx\\r\\nContent-Disposition: form-data; name=a\\r\\n\\r\\nx\\r\\n--xx",
        "--xx\\r\\nContent-Disposition: form-data\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx\\r\\nContent-Disposition: attachment; name=a\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx\\r\\n: x\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx\\r\\nA b: x\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx\\r\\nA: x\\ny\\r\\n\\r\\nx\\r\\n--xx--",
        "--xx -\\r\\n",
      })
  void malformedForm_isRefused(String form) {
    String text = form == null ? "" : form.replace("\\r", "\r").replace("\\n", "\n");
    Random random = new Random(1);
    for (int largest : List.of(1, 1000)) {
      Request request = request(inPieces(utf8(text), random, largest));
      assertEquals(400, status(parts(request, FormLimits.defaults())), text);
    }
  }

  @Test
  void limits_hold() {
    Request request = request(Body.of(FORM));
    FormLimits limits = FormLimits.defaults();
    assertEquals(413, status(parts(request, limits.withParts(2))));
    assertEquals(413, status(parts(request, limits.withPart(12))));
    assertEquals(413, status(Form.read(request, limits.withMemory(14))));
    assertEquals(3, Expect.ready(parts(request, limits.withPart(13))).size());
    String long1 = "--xx\r\nContent-Disposition: form-data; name=" + "a".repeat(9000);
    assertEquals(431, status(parts(request(Body.of(long1)), limits)));
    for (String type :
        List.of(
            "multipart/form-data",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=" + "x".repeat(71))) {
      assertEquals(400, status(parts(request.withHeader("Content-Type", type), limits)));
    }
    assertEquals(415, status(parts(request.withHeader("Content-Type", "text/plain"), limits)));
  }

  @Test
  void reader_thatReadsNothing_skipsThePart() {
    AtomicInteger calls = new AtomicInteger();
    Future<List<Integer>> all =
        Multipart.read(
            request(inPieces(utf8(large(200_000)), new Random(1), 5000)),
            FormLimits.defaults(),
            part -> Future.of(calls.incrementAndGet()));
    assertEquals(List.of(1), Expect.ready(all));
  }

  private static String large(int size) {
    return "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\n"
        + "y".repeat(size)
        + "\r\n--xx--";
  }

  @Test
  void failureOfAReader_endsTheReading() {
    Future<List<Object>> all =
        Multipart.read(
            request(inPieces(utf8(large(200_000)), new Random(1), 5000)),
            FormLimits.defaults(),
            part -> Future.failed("broken"));
    assertEquals("broken", Expect.failureText(all));
  }

  @Test
  void content_streamsAndHoldsTheSenderBack() {
    Pipe<Chunk> source = new Pipe<>(1000, Chunk::size);
    Promise<Void> go = new Promise<>();
    Future<List<Long>> all =
        Multipart.read(
            request(Body.of(source.reader())),
            FormLimits.defaults(),
            part ->
                go.future()
                    .then(now -> part.stream().to(Sink.fold(0L, (sum, c) -> sum + c.size()))));
    source.writer().write(Chunk.utf8(large(0).substring(0, large(0).length() - 8)));
    int accepted = 0;
    while (accepted < 1000 && source.writer().offer(Chunk.utf8("z".repeat(1000)))) {
      accepted++;
    }
    assertTrue(accepted > 0 && accepted < 200, "accepted " + accepted);
    go.set(null);
    Expect.ready(source.writer().write(Chunk.utf8("\r\n--xx--")));
    source.writer().close();
    assertEquals(List.of(1000L * accepted), Expect.ready(all));
  }

  @Test
  void mutatedForms_areReadOrRefused() {
    Random random = new Random(11);
    String alphabet = "\r\n-x\":;=\\ a";
    List<Integer> outcomes = new ArrayList<>(List.of(0, 0));
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = utf8(FORM);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) alphabet.charAt(random.nextInt(11));
      }
      Future<List<String>> whole =
          parts(request(Body.of(Chunk.of(bytes.clone()))), FormLimits.defaults());
      Future<List<String>> split =
          parts(request(inPieces(bytes, random, 9)), FormLimits.defaults());
      Expect.completed(whole);
      Expect.completed(split);
      assertEquals(whole.isReady(), split.isReady());
      if (whole.isReady()) {
        assertEquals(whole.get(), split.get());
      } else {
        assertEquals(status(whole), status(split));
      }
      outcomes.set(whole.isReady() ? 1 : 0, outcomes.get(whole.isReady() ? 1 : 0) + 1);
    }
    assertTrue(outcomes.get(0) > 300 && outcomes.get(1) > 300, outcomes::toString);
  }
}
