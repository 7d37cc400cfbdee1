/**
 * The routes that every node serves about itself, such as its help pages. They are ordinary routes;
 * the package is exported to nobody.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.endpoints;
