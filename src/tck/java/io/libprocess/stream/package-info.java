/** What the Reactive Streams judge (TCK) is to look at: see the profile {@code tck}. */
package io.libprocess.stream;
