"""`python -m barnetsbog`: the command line."""

import sys

from barnetsbog.cli import main

sys.exit(main())
