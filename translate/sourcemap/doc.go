// Package sourcemap turns positions in bundled JavaScript back into positions in the source it was made from, by source
// maps that are found through debug IDs (RFC 0081, ECMA-426 and its debug-ID proposal).
//
// It reads maps (Parse), answers positions (Map.Lookup), resolves the frames of an exception (Resolver), reads and
// computes debug IDs (ScriptDebugID, MapDebugID, DeriveID), injects them into builds (Inject), and reads the artifact
// bundles of Sentry's tools (ReadBundle). All of it works on bytes that the caller brings: finding maps on disk, in
// uploads or on a dev server is not the work of this package.
//
// # Format of a map
//
// A source map is JSON. Its mappings are text: generated lines separated by ";", segments of a line by ",", each segment
// one, four or five numbers in base64 VLQ, each relative to the one before:
//
//	AAAA , SAASA ; AACA
//	│││└ column in the source        (all counted from 0,
//	││└─ line in the source           columns in UTF-16 units)
//	│└── index of the source
//	└─── column in the generated line (starts again at 0 with every line)
//
// An indexed map has sections instead, each a map of its own from an offset on.
package sourcemap
