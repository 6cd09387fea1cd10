"""Addresses: the API, the phone's app below /m/, and the console for everything else."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from yiwang.project.api import api
from yiwang.project.pages import console, mobile

handler500 = "yiwang.core.http.problems.server_error"

urlpatterns = [
    path("api/v1/", api.urls),
    path("m", RedirectView.as_view(url="/m/")),
    re_path(r"^m/(?!assets/|sw\.js).*$", mobile),
    re_path(r"^(?!api/|assets/|m/).*$", console),
]
