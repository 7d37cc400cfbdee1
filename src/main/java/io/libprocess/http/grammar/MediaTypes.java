package io.libprocess.http.grammar;

import io.libprocess.internal.Ordered;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The media types of files, by the extension of their names. */
public final class MediaTypes {

  /** The table of libprocess, with newer types at its end. */
  private static final String TABLE =
      """
      application/msword doc dot wiz
      application/octet-stream obj dll so exe bin o a
      application/oda oda
      application/pdf pdf
      application/pkcs7-mime p7c
      application/postscript ai ps eps
      application/vnd.ms-excel xlb xls
      application/vnd.ms-powerpoint pwz ppt pps ppa pot
      application/xml wsdl xpdl rdf xsl
      application/zip zip
      application/x-bcpio bcpio
      application/x-cpio cpio
      application/x-csh csh
      application/x-dvi dvi
      application/x-gtar gtar
      application/x-hdf hdf
      application/x-javascript js
      application/x-latex latex
      application/x-mif mif
      application/x-netcdf cdf nc
      application/x-pkcs12 p12 pfx
      application/x-pn-realaudio ram
      application/x-python-code pyc pyo
      application/x-sh sh
      application/x-shar shar
      application/x-shockwave-flash swf
      application/x-sv4cpio sv4cpio
      application/x-sv4crc sv4crc
      application/x-tar tar
      application/x-tcl tcl
      application/x-tex tex
      application/x-texinfo texinfo texi
      application/x-troff tr t roff
      application/x-troff-man man
      application/x-troff-me me
      application/x-troff-ms ms
      application/x-ustar ustar
      application/x-wais-source src
      audio/basic au snd
      audio/mpeg mp3 mp2
      audio/x-aiff aif aiff aifc
      audio/x-pn-realaudio ra
      audio/x-wav wav
      image/gif gif
      image/ief ief
      image/jpeg jpe jpg jpeg
      image/png png
      image/tiff tif tiff
      image/x-cmu-raster ras
      image/x-ms-bmp bmp
      image/x-portable-anymap pnm
      image/x-portable-bitmap pbm
      image/x-portable-graymap pgm
      image/x-portable-pixmap ppm
      image/x-rgb rgb
      image/x-xbitmap xbm
      image/x-xpixmap xpm
      image/x-xwindowdump xwd
      message/rfc822 mht nws eml mhtml
      text/css css
      text/html html htm
      text/plain ksh pl bat h c txt
      text/richtext rtx
      text/tab-separated-values tsv
      text/x-python py
      text/x-setext etx
      text/x-sgml sgm sgml
      text/x-vcard vcf
      text/xml xml
      video/mp4 mp4
      video/mpeg m1v mpeg mpa mpg mpe
      video/quicktime mov qt
      video/x-msvideo avi
      video/x-sgi-movie movie
      application/json json map
      application/wasm wasm
      font/woff woff
      font/woff2 woff2
      image/svg+xml svg
      image/vnd.microsoft.icon ico
      image/webp webp
      text/javascript mjs
      text/markdown md
      """;

  /** The types of known extensions. */
  public static final Map<String, String> DEFAULTS = parse();

  private MediaTypes() {}

  private static Map<String, String> parse() {
    Map<String, String> types = new HashMap<>();
    for (String line : TABLE.lines().toList()) {
      String[] words = line.split(" ");
      for (int i = 1; i < words.length; i++) {
        types.put(words[i], words[0]);
      }
    }
    return Ordered.copyOf(types);
  }

  /** The part of a file's name after its last dot; empty if there is none. */
  public static String extension(Path path) {
    Path name = path.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    return dot < 0 ? "" : text.substring(dot + 1);
  }
}
