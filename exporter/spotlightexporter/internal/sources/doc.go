// Package sources finds source maps and source files: artifacts uploaded by Sentry's tools, folders that the user named,
// files beside a script, dev servers on this machine. It is the only package of the exporter that reads files or fetches
// URLs, so that its promises can be checked in one place:
//
//   - no file is read outside the folders of Config.Paths and Config.Roots; symbolic links do not lead out of them;
//   - no URL is fetched unless its host is loopback or in Config.AllowedHosts, by GET, for what looks like a script or a
//     map, without credentials, with limits of size, time and redirects that stay on allowed hosts; besides, two addresses
//     of dev servers that answer for modules: webpack-dev-server's list of what it serves, Next.js's maps. A page is never
//     fetched, it may be any program of the user's;
//   - nothing that telemetry names becomes a path to write; uploads are stored under names that are hashes.
//
// What it finds it gives to the package sourcemap, which does the resolving.
package sources
