package sentryreceiver

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
)

// maxParts bounds the parts of a form. A crash report has a few files and some dozen fields.
const maxParts = 1000

// part is a part of a form. Its data is a copy: the parts of a form are not in one piece in its body where they are
// encoded.
type part struct {
	name, filename, contentType string
	isFile                      bool
	data                        []byte
}

// form reads a multipart form. Parts before an end that came too early are kept.
func (s *server) form(c *call) ([]part, error) {
	_, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, badRequest(reasonBadForm, "the form has no boundary: Content-Type must be multipart/form-data; boundary=...")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body.data), params["boundary"])
	var parts []part
	for {
		p, err := reader.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return parts, nil
		case err != nil && len(parts) > 0:
			s.telemetry.refused(c.Context(), reasonCutOff, 1)
			return parts, nil
		case err != nil:
			return nil, badRequest(reasonBadForm, "the form cannot be read").because("%v", err)
		case len(parts) == maxParts:
			return nil, refuse(http.StatusRequestEntityTooLarge, reasonBadForm, "the form has too many parts").because("over %d", maxParts)
		}
		var data bytes.Buffer
		_, err = data.ReadFrom(p)
		if err != nil && data.Len() == 0 {
			continue // ended with this part's header; NextRawPart says so again
		}
		parts = append(parts, part{
			name: p.FormName(), filename: filename(p.Header), contentType: p.Header.Get("Content-Type"),
			isFile: isFile(p.Header), data: data.Bytes(),
		})
	}
}

// filename is the name of a file as it came, path and all: it is a label, nothing is ever written to disk.
func filename(h textproto.MIMEHeader) string {
	_, params, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	return params["filename"]
}

func isFile(h textproto.MIMEHeader) bool {
	_, params, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	_, ok := params["filename"]
	return ok
}
