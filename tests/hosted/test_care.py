"""Every file in a bucket is read against its checksum, and comes back from another copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onemind import cli
from onemind.files import BucketFiles
from onemind.settings import Settings
from tests.conftest import Campaign
from tests.hosted.test_replicas import TOWN, training

Replica = Callable[[str], Campaign]


@pytest.fixture
def command(
    hosted: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a command on the hosted store."""
    bucket = hosted.bucket
    assert bucket
    for name, value in {
        "ONEMIND_STORE": str(hosted.store), "ONEMIND_CATALOG": hosted.catalog,
        "ONEMIND_DATA": bucket.address, "AWS_ACCESS_KEY_ID": bucket.key,
        "AWS_SECRET_ACCESS_KEY": bucket.secret, "AWS_ENDPOINT_URL": bucket.endpoint,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(list(words))
        out, errors = capsys.readouterr()
        assert not errors
        return code, out

    return run


def test_files_in_a_bucket_are_read_and_taken_from_a_copy_there(
    replica: Replica, hosted: Settings, command: Callable[..., tuple[int, str]]
) -> None:
    assert hosted.bucket
    one, files = replica("one"), BucketFiles(hosted.bucket)
    one.publish(departments=TOWN)
    one.publish(training=training("1"))
    copy = replace(hosted.bucket, prefix="copy")
    for name in files.sizes():
        BucketFiles(copy).put(name, files.part(name, 0, files.size_of(name) or 0))
    code, out = command("doctor", "--deep")
    assert (code, "every version is as it was published" in out) == (0, True)
    lost, damaged = (
        next(name for name in files.sizes() if f"/{dataset}/" in name)
        for dataset in ("departments", "training")
    )
    files.remove(lost)
    size = files.size_of(damaged) or 0
    files.put(damaged, bytes(size))
    code, out = command("doctor", "--deep")
    assert code == 1
    assert f"{lost}: missing, needed by versions 1-2." in out
    assert f"{damaged}: damaged, needed by version 2." in out
    code, out = command("doctor", "--repair", str(copy))
    assert (code, out) == (0, f"Taken: {lost}\nTaken: {damaged}\n")
    assert command("doctor", "--deep")[0] == 0
    aside = [name for name in files.sizes() if name.startswith("damaged/")]
    assert [name.endswith(damaged) for name in aside] == [True]
