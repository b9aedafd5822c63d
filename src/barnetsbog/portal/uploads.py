"""A file that somebody has chosen on a page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from barnetsbog.kernel.files import LARGEST, Scan, scan_of


def scan_in(upload: "UploadedFile[Any]") -> Scan:
    """`NoScan` as of `scan_of`. No more is read than can be kept."""
    return scan_of(upload.read(LARGEST + 1), upload.name or "")
