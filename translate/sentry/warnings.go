package sentry

import (
	"fmt"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Warnings of this package, beside those of the package model. They travel on the record they speak of.
const (
	warnBadParent    = "its parent span id is malformed; it is shown as a root"
	warnNoTrace      = "its trace id is malformed; it is shown without a trace"
	warnBadEntry     = "this entry of a container is not what its type promises; its text is kept"
	warnBadSpans     = "some of its spans could not be read; they are in the payload only"
	warnSecondEvent  = "the envelope holds several events of one id; this one was given another"
	warnBadEventID   = "its event id is malformed; another one was made up"
	warnCrumbTime    = "a breadcrumb has no usable time"
	warnNegative     = "a counter cannot fall; the negative value is kept as it came"
	warnTooManyValue = "the payload holds more values than can be read; the raw bytes are kept"
)

var warnTooDeep = fmt.Sprintf(model.WarnTooDeep, maxDepth)
