/**
 * The commands of the executable jar. They use the library as any program would and are exported to
 * nobody.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.cli;
