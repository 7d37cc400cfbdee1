package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

  @ParameterizedTest
  @CsvSource({
    "Basic abc, Basic, abc",
    "Basic   abc, Basic, abc",
    "'Basic ', Basic, ''",
    "x !~, x, !~",
  })
  void header_hasASchemeAndASecret(String header, String scheme, String token) {
    assertEquals(Optional.of(new Credentials(scheme, token)), Credentials.of(List.of(header)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " abc",
        "Basic",
        "Ba,sic abc",
        "Basic a c",
        "Basic a\u007f",
        "Basic \u00e9"
      })
  void header_thatIsMalformed(String header) {
    assertTrue(Credentials.of(List.of(header)).orElseThrow().isMalformed());
  }

  @Test
  void headers_thatAreTwo_areMalformed() {
    assertTrue(Credentials.of(List.of("Basic a", "Basic a")).orElseThrow().isMalformed());
    assertEquals(Optional.empty(), Credentials.of(List.of()));
  }
}
