package io.libprocess.observer;

import java.nio.file.Path;
import java.util.List;

/**
 * Takes pictures of all views, for people to look at: {@code Screenshots URL DIRECTORY [VIEW...]}.
 */
final class Screenshots {

  static final List<String> VIEWS =
      List.of(
          "overview",
          "processes",
          "processes/slow",
          "links",
          "traffic",
          "metrics",
          "log",
          "profile");

  private Screenshots() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    List<String> views = args.length > 2 ? List.of(args).subList(2, args.length) : VIEWS;
    try (Browser browser = Browser.open(args[0], 1280, 860)) {
      browser.await("document.querySelectorAll('.tile').length > 3");
      Thread.sleep(6000);
      for (String view : views) {
        browser.evaluate("location.hash = '#" + view + "'");
        if (view.equals("profile")) {
          browser.evaluate("document.getElementById('profile-seconds').value = '5'");
          browser.evaluate("document.getElementById('profile-start').click()");
          browser.await("document.querySelector('.flame .frame')");
        }
        if (view.contains("/")) {
          browser.await("document.querySelector('#detail button[aria-pressed]')");
          browser.evaluate("document.querySelector('#detail button[aria-pressed]').click()");
        }
        Thread.sleep(2500);
        for (String scheme : List.of("light", "dark")) {
          browser.prefer(scheme);
          for (int width : new int[] {1280, 320}) {
            browser.resize(width, width == 320 ? 640 : 860);
            Thread.sleep(600);
            String name = view.replace('/', '-') + "-" + scheme + "-" + width + ".png";
            browser.screenshot(directory.resolve(name));
            Object overflow =
                browser.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (!"0".equals(String.valueOf(overflow))) {
              System.out.println(name + " overflows by " + overflow);
            }
          }
        }
        browser.resize(1280, 860);
        browser.prefer("light");
      }
      browser.problems().forEach(System.out::println);
    }
  }
}
