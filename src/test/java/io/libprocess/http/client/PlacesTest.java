package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlacesTest {

  private final Places places = new Places();

  @Test
  void expect_countsUntilTheServerHasSaidHowMany() {
    assertEquals(100, places.most());
    places.expect(3);
    assertEquals(3, places.most());
    places.expect(0);
    assertEquals(1, places.most());
    assertTrue(places.resize(0));
    places.expect(5);
    assertEquals(0, places.most());
    assertFalse(places.resize(0));
    assertTrue(places.resize(7));
    assertEquals(7, places.most());
  }

  @Test
  void expect_doesNotCountAfterSettingsThatWereExpected() {
    assertFalse(places.resize(100));
    places.expect(3);
    assertEquals(100, places.most());
  }
}
