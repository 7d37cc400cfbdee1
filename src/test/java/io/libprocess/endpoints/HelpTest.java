package io.libprocess.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The answers of {@code /help}, as in the original. */
class HelpTest {

  private final Help help = new Help(Optional.of("master"));

  private Response get(String target, String agent) {
    Request request = Request.get(target).withHeader("User-Agent", agent);
    return help.endpoint().routes().get(0).call(request, Optional.empty()).get();
  }

  private String text(String target) {
    Response response = get(target, "curl/8.0");
    assertEquals(200, response.status().code(), response.text());
    assertTrue(
        response.headers().first("Content-Type").orElseThrow().startsWith("text/x-markdown"));
    return response.text();
  }

  @Test
  void overview_hasALinkForEachProcess() {
    help.add("b", Route.at("/x"));
    help.add("a", Route.at("/y"));
    assertEquals("## HELP\n\n> [/a][a]\n> [/b][b]\n\n[a]: help/a\n[b]: help/b\n", text("/help"));
  }

  @Test
  void process_hasALineWithALinkForEachRoute() {
    help.add("a", Route.at("/x/y").help("Says x.\nAnd more."));
    help.add("a", Route.at("/"));
    help.add("a", Route.at("/books/{isbn}").help("One."));
    assertEquals(
        "## `/a` ##\n\n> [/a][/] \n> [/a/books/{isbn}][/books/{isbn}] One.\n"
            + "> [/a/x/y][/x/y] Says x.\n\n[/]: a/\n[/books/{isbn}]: a/books/%7Bisbn%7D\n"
            + "[/x/y]: a/x/y\n",
        text("/help/a"));
  }

  @Test
  void route_hasItsUsage_andTheDelegateTwoLines() {
    help.add("a", Route.at("/x").help("Says x."));
    help.add("a", Route.at("/"));
    help.add("master", Route.at("/state").help("Says all."));
    assertEquals("### USAGE ###\n>        /a/x\n\nSays x.\n", text("/help/a/x"));
    assertEquals("## No help page for `/a`\n", text("/help/a/"));
    assertEquals(
        "### USAGE ###\n>        /state\n>        /master/state\n\nSays all.\n",
        text("/help/master/state"));
  }

  @Test
  void whatIsUnknown_is400_andWhatNeverWas404() {
    help.add("a", Route.at("/x"));
    Response unknown = get("/help/a/y", "curl");
    assertEquals(400, unknown.status().code());
    assertEquals("No help available for '/a/y'.\n", unknown.text());
    help.remove("a");
    assertEquals("No help available for '/a'.\n", get("/help/a", "curl").text());
    assertEquals(400, get("/help/a/x", "curl").status().code());
    for (String never :
        new String[] {"/help/b", "/help/b/x", "/help/help", "/help/__processes__"}) {
      assertEquals(404, get(never, "curl").status().code(), never);
    }
  }

  @Test
  void idsThatHadRoutes_areRememberedInALimitedNumber() {
    for (int i = 0; i <= 10_000; i++) {
      help.add("p" + i, Route.at("/x"));
      help.remove("p" + i);
    }
    assertEquals(404, get("/help/p0", "curl").status().code());
    assertEquals(400, get("/help/p1", "curl").status().code());
  }

  @Test
  void browsers_getAPageThatCarriesTheMarkdown() {
    help.add("a", Route.at("/x").help("</script><b>\"bold\"</b>"));
    Response response = get("/help/a/x", "Mozilla/5.0");
    assertTrue(response.headers().first("Content-Type").orElseThrow().startsWith("text/html"));
    String page = response.text();
    String open = "type=\"application/json\">";
    int start = page.indexOf(open) + open.length();
    String carried = page.substring(start, page.indexOf("</script>", start));
    assertEquals(text("/help/a/x"), Json.parse(carried));
    assertFalse(carried.contains("<"), carried);
  }

  @Test
  void builder_makesTheSectionsOfTheOriginal() {
    assertEquals("### TL;DR; ###\nShort.\n", Route.Help.of("Short.").toString());
    assertEquals(
        "### TL;DR; ###\nShort.\nReally.\n\n### DESCRIPTION ###\nLong.\n\n### AUTHENTICATION ###\n"
            + "This endpoint does not require authentication.\n\n### AUTHORIZATION ###\n"
            + "Staff.\n\nSee [there][x].\n",
        Route.Help.of("Short.", "Really.")
            .references("See [there][x].")
            .authorization("Staff.")
            .authentication(false)
            .description("Long.")
            .toString());
    assertTrue(
        Route.Help.of("x").authentication(true).toString().contains("requires authentication iff"));
  }
}
