"""Limits on trying hold over processes: a try is counted where all of them look."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from onemind.access.attempts import AT_ACCOUNT
from onemind.appdb import AppDatabase
from onemind.settings import ROOT

TRY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from onemind.access.attempts import at_account, attempt
from onemind.appdb import AppDatabase
from onemind.errors import TooManyAttempts
appdb, passed = AppDatabase(Path(sys.argv[1])), 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(12):
    try:
        attempt(appdb, datetime.now(UTC), at_account("ann@example.org"))
        passed += 1
    except TooManyAttempts:
        pass
print(passed, flush=True)
"""


def test_attempts_of_several_processes_at_once_do_not_slip_past_the_limit(tmp_path: Path) -> None:
    AppDatabase(tmp_path).close()
    command = [sys.executable, "-c", TRY, str(tmp_path)]
    tries = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for child in tries:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    answers = []
    for child in tries:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in tries:
        said, _ = child.communicate(timeout=60)
        answers.append(int(said))
    assert 0 < sum(answers) <= AT_ACCOUNT
