// Package arrows holds a test of the house's plan: which package may import which, and which packages of others are
// banned where. It has no code of its own.
package arrows
