"""Run the command line: python -m onemind."""

import sys

from onemind.cli import main

sys.exit(main())
