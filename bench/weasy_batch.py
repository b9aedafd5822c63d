"""Sets letters with WeasyPrint, in the peers' environment: a line of HTML in, a line with the PDF's size out.

Tagged for screen readers (PDF/UA-1), as ours are; it can't be PDF/A in the same call, which is to its advantage.
"""

import json
import sys

from weasyprint import HTML


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        pdf = HTML(string=json.loads(line)).write_pdf(pdf_variant="pdf/ua-1")
        if b"/StructTreeRoot" not in pdf and b"ObjStm" not in pdf:
            raise SystemExit("WeasyPrint made a letter without tags")
        print(len(pdf), flush=True)


if __name__ == "__main__":
    main()
