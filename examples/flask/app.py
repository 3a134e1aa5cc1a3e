"""A Flask application whose error page is the overlay, while it is developed."""

import os

import flask
import sentry_sdk

SPOTLIGHT = os.environ.get("SPOTLIGHT_URL", "http://localhost:8970")
sentry_sdk.init(os.environ.get("SENTRY_DSN", "http://spotlight@localhost:8969/1"), traces_sample_rate=1.0)

app = flask.Flask(__name__)


@app.route("/fail")
def fail():
    prices = {"red": 12}
    return str(prices[flask.request.args.get("wine", "white")])


@app.errorhandler(500)
def error_page(_):
    page = "<!doctype html><title>Internal Server Error</title><h1>Internal Server Error</h1>"
    if os.environ.get("FLASK_ENV") != "production":
        page += f'<script type="module" src="{SPOTLIGHT}/overlay.js" data-fullscreen data-error-id="{sentry_sdk.last_event_id()}"></script>'
    return page, 500


if __name__ == "__main__":
    app.run("127.0.0.1", int(os.environ.get("PORT", "3000")))
