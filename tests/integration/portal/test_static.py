"""Static files on their way to a slow telephone."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

STYLE, FONT = "/static/dkfds/css/dkfds.min.css", "/static/dkfds/fonts/IBMPlexSans-Regular.woff2"


@pytest.mark.parametrize("path", [STYLE, "/static/bog/bog.css", "/static/bog/bog.js", "/static/bog/icon.svg"])
def test_a_text_goes_compressed_to_whoever_reads_that_and_is_the_same_text(client: Client, path: str) -> None:
    whole = client.get(path)
    for _ in range(2):  # the second time it is kept
        small = client.get(path, headers={"Accept-Encoding": "gzip, br"})
        assert small.headers["Content-Encoding"] == "gzip" and small.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(small.content) == b"".join(whole.streaming_content)
        assert small.headers["Content-Length"] == str(len(small.content)) and len(small.content) <= 30_000
        whole = client.get(path)
    assert "Content-Encoding" not in whole.headers and whole.headers["Vary"] == "Accept-Encoding"


def test_what_is_compressed_already_is_left_alone_and_so_is_a_page(client: Client) -> None:
    for path in (FONT, "/om/kalender/", "/static/findes-ikke.css"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_a_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get(STYLE, headers={"Accept-Encoding": "gzip"})
    again = client.get(STYLE, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
