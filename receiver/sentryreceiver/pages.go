package sentryreceiver

import (
	"net/http"
	"strings"
)

// index sends people who open this port in a browser to the overlay.
func (s *server) index(*call) answer {
	if s.config.OverlayURL != "" {
		return answer{status: http.StatusFound, location: s.config.OverlayURL}
	}
	return text(http.StatusOK, "This port takes what Sentry SDKs send. To see it, open "+s.overlay()+".\n"+
		"SDKs find it by SENTRY_SPOTLIGHT=1, or by a DSN that names it, such as http://dev@"+strings.TrimSpace(s.config.ServerConfig.NetAddr.Endpoint)+"/1\n")
}

func (s *server) health(*call) answer { return text(http.StatusOK, "OK") }

// overlay says where the overlay is, as far as we know.
func (s *server) overlay() string {
	if s.config.OverlayURL != "" {
		return s.config.OverlayURL
	}
	return "the overlay, which the exporter `spotlight` serves (http://localhost:8970 by default)"
}
