#!/usr/bin/env python3
"""Django's own command line, for those who expect it. The product's is `./bog`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnetsbog.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
