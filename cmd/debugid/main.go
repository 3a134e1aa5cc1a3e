// Command debugid gives the JavaScript of a build debug IDs (RFC 0081), so that errors can be mapped back to the source
// they were made from, and checks whether a build can be.
//
//	debugid inject [--dry-run] [--ignore GLOB]... DIR...   give every script and its map the same debug ID
//	debugid check  [--ignore GLOB]... DIR...               report what would not resolve, and why; exit status 1 if anything
//
// It changes files in place, prints a line for each, and changes nothing when run again.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `usage:
  debugid inject [flags] DIR...   give every script and its source map the same debug ID
  debugid check  [flags] DIR...   report scripts whose errors would not resolve; exit status 1 if there are any

flags:
  --dry-run          inject: say what would be done, write nothing
  --ignore GLOB      leave out files whose path below DIR matches; may be repeated
  --sentry-cli-ids   inject: the IDs that sentry-cli 3.8 derives; they are the default, this flag says so in scripts
`

// errFound ends check with status 1: something would not resolve.
var errFound = errors.New("some scripts would not resolve")

func main() {
	err := run(os.Args[1:], os.Stdout)
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "debugid:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage")

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet("debugid", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var opts options
	flags.BoolVar(&opts.dryRun, "dry-run", false, "")
	flags.Bool("sentry-cli-ids", true, "")
	flags.Func("ignore", "", func(glob string) error { opts.ignore = append(opts.ignore, glob); return nil })
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() == 0 {
		return errUsage
	}
	for _, dir := range flags.Args() {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s is not a folder", dir)
		}
	}
	switch args[0] {
	case "inject":
		return inject(flags.Args(), opts, out)
	case "check":
		return check(flags.Args(), opts, out)
	}
	return errUsage
}
