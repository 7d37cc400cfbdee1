/**
 * Small protocols on processes and messages, some of them wrong on purpose, by which the simulator
 * shows what it finds.
 */
package io.libprocess.simulation.example;
