"""Addresses: the API, and the console for everything else."""

from django.urls import path, re_path

from yiwang.project.api import api
from yiwang.project.console import console

handler500 = "yiwang.core.http.problems.server_error"

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^(?!api/|assets/).*$", console),
]
