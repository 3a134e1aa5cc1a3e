// Package archive writes what the store holds to a file that a colleague can load into another store, and reads such files.
//
// The file is lines of JSON, in the order they are to be read:
//
//	{"spotlight":1,"version":"0.1.0","session":{...}}       first line: format, the Collector that wrote it, the session
//	{"resource":{...},"n":3}                                a process, named by a number
//	{"span":{...},"of":3,"payload":"...","received":"..."}  a record of process 3; payload: bytes of the Sentry item, base64
//	{"event":{...}} {"log":{...}} {"metric":{...}} {"item":{...}}
//	{"pin":{"trace_id":"..."}} {"pin":{"issue_id":"..."}}   what the user pinned, after all records
//	{"hide":{"issue_id":"..."}}                             a group of errors the user hid in the session
//
// Records are those of package model as the store has them, payloads byte for byte. What is made of them when somebody
// looks (trees, merged scopes, resolved frames) is made again by whoever reads the file. Numbers, ids in the store and
// sessions are given anew.
//
// What is lost: in attributes, whether a number such as 1 was an integer or a floating-point one, and integers beyond 2^53
// come back as text: both look the same in the overlay before and after. A group that was hidden in an earlier session is
// hidden by the file of that session alone: whoever reads a file of all of them gets one session.
package archive
