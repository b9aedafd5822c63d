"""A file out of a book, for its reader to keep."""

from django.http import HttpResponse

from barnetsbog.delivery.model import File

_ENDINGS = {
    "application/pdf": "pdf",
    "application/fhir+json": "json",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/plain": "txt",
}


def attachment(file: File, *, name: str = "brev") -> HttpResponse:
    """To be saved and never shown in the page. Its name tells nothing of the child: it lies on somebody's machine."""
    kind = file.kind.partition(";")[0].strip()
    ending = _ENDINGS.get(kind)
    response = HttpResponse(file.content, content_type=file.kind if ending else "application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending or "bin"}"'
    return response
