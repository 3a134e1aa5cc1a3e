"""A Django application whose error pages open the overlay, while it is developed."""

import os
import sys

import sentry_sdk
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path
from django.views.debug import technical_500_response

SPOTLIGHT = os.environ.get("SPOTLIGHT_URL", "http://localhost:8970")
sentry_sdk.init(os.environ.get("SENTRY_DSN", "http://spotlight@localhost:8969/1"), traces_sample_rate=1.0)


class SpotlightMiddleware:
    """Answers an error with Django's own page of it and the overlay above; Esc leads from one to the other."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not settings.DEBUG:
            return None
        event_id = sentry_sdk.capture_exception(exception)
        response = technical_500_response(request, *sys.exc_info())
        if response["Content-Type"].startswith("text/html"):  # scripts of a page get text
            response.write(f'<script type="module" src="{SPOTLIGHT}/overlay.js" data-fullscreen data-error-id="{event_id}"></script>')
        return response


def fail(request):
    prices = {"red": 12}
    return HttpResponse(str(prices[request.GET.get("wine", "white")]))


urlpatterns = [path("fail", fail)]

settings.configure(
    DEBUG=os.environ.get("DJANGO_ENV") != "production",
    SECRET_KEY="for development only",
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.SpotlightMiddleware"],
)

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", "127.0.0.1:" + os.environ.get("PORT", "3000")])
