/** Tests of the simulator. */
package io.libprocess.simulation;
