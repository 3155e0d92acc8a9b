"""Settings: the environment read once, defaults that work, and nonsense refused in words."""

import re
from pathlib import Path

import pytest

from onemind import settings
from onemind.errors import WrongUse
from onemind.settings import MailServer, Settings


def test_with_nothing_set_the_store_lies_in_the_checkout():
    found = settings.load({})
    assert found == Settings()
    assert found.store == settings.ROOT / "data" / "store"
    assert found.rules is None
    assert (found.max_upload, found.memory) == (500 * 1024 * 1024, "2GB")


def test_every_setting_is_read(tmp_path: Path):
    found = settings.load(
        {
            "ONEMIND_STORE": str(tmp_path / "store"),
            "ONEMIND_RULES": str(tmp_path),
            "ONEMIND_MAX_UPLOAD_MB": "3",
            "ONEMIND_MEMORY": "512MB",
            "ONEMIND_STREAMLIT_SEAMS": "bundles",
            "ONEMIND_METRICS_TOKEN": "a-token-of-sixteen-letters",
            "ONEMIND_LOG": "json",
        }
    )
    assert found == Settings(
        store=tmp_path / "store", rules=tmp_path, max_upload=3 * 1024 * 1024, memory="512MB",
        seams=("bundles",), metrics_token="a-token-of-sixteen-letters", log="json",
    )  # fmt: skip
    assert settings.load({"ONEMIND_STREAMLIT_SEAMS": "off"}).seams == ()


def test_the_environment_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "one"))
    assert settings.load().store == tmp_path / "one"
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "two"))
    assert settings.load().store == tmp_path / "two"


def test_folders_become_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    found = settings.load({"ONEMIND_STORE": "here/../there", "ONEMIND_RULES": "rules"})
    assert found.store == tmp_path / "there"
    assert found.rules == tmp_path / "rules"


def test_a_setting_left_blank_is_as_if_it_were_not_set():
    assert settings.load(dict.fromkeys(settings.MEANING, "")) == Settings()


def test_a_log_of_another_kind_is_refused():
    with pytest.raises(WrongUse, match="ONEMIND_LOG is 'xml'; write text or json"):
        settings.load({"ONEMIND_LOG": "xml"})


@pytest.mark.parametrize("text", ["0", "-5", "3.5", "many", "500 MB"])
def test_a_size_that_is_no_whole_number_of_megabytes_is_refused(text: str):
    with pytest.raises(WrongUse, match=f"ONEMIND_MAX_UPLOAD_MB is '{re.escape(text)}'.*whole"):
        settings.load({"ONEMIND_MAX_UPLOAD_MB": text})


def test_every_setting_says_what_it_means():
    folder = Path(settings.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert set(re.findall(r"ONEMIND_[A-Z_]+", source)) == set(settings.MEANING)
    assert all(len(meaning) > 20 for meaning in settings.MEANING.values())


def test_the_user_of_this_computer_has_a_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "pat")
    assert settings.operating_system_user() == "pat"


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    assert settings.operating_system_user() == "unknown"


HOSTED = {
    "ONEMIND_CATALOG": "postgresql://onemind:secret@db/onemind",
    "ONEMIND_DATA": "s3://bucket/a/b/",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "hidden",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9000/",
}


def test_a_hosted_place_is_read_and_its_secrets_are_not_shown():
    found = settings.load(HOSTED)
    assert found.state == found.catalog == "postgresql://onemind:secret@db/onemind"
    assert found.bucket
    assert (found.bucket.name, found.bucket.prefix) == ("bucket", "a/b")
    assert found.bucket.address == "s3://bucket/a/b/"
    assert found.bucket.endpoint == "http://127.0.0.1:9000"
    assert "secret@" not in repr(found) and "hidden" not in repr(found)


def test_data_may_lie_in_a_folder_that_all_share(tmp_path: Path):
    found = settings.load({**HOSTED, "ONEMIND_DATA": str(tmp_path)})
    assert (found.bucket, found.data) == (None, tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ONEMIND_CATALOG": "mysql://db/x"}, "must be a PostgreSQL address"),
        ({"ONEMIND_CATALOG": ""}, "ONEMIND_DATA is set, but not ONEMIND_CATALOG"),
        ({"ONEMIND_DATA": "gs://bucket/x"}, "write a folder, or s3://bucket/prefix"),
        ({"ONEMIND_DATA": "s3://"}, "needs a bucket's name"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY beside it"),
    ],
)
def test_a_place_that_can_not_be_is_refused(change: dict[str, str], says: str):
    with pytest.raises(WrongUse, match=says):
        settings.load({**HOSTED, **change})


def test_another_place_is_the_settings_in_force_but_for_the_place(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONEMIND_CONTACT", "data@example.org")
    there = settings.elsewhere("postgresql://db/x", "")
    assert (there.catalog, there.contact) == ("postgresql://db/x", "data@example.org")
    back = settings.elsewhere("/tmp/copy", "")
    assert (back.catalog, str(back.store)) == ("", "/tmp/copy")


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtps://ann:w%40rd@mail.example.org",
         MailServer("mail.example.org", 465, "ann", "w@rd", "tls")),
        ("smtp://mail.example.org", MailServer("mail.example.org", 587)),
        ("smtp://relay:25?tls=none", MailServer("relay", 25, security="none")),
    ],
)  # fmt: skip
def test_a_mail_server_is_spoken_to_privately_unless_it_is_said(text: str, server: MailServer):
    found = settings.load({"ONEMIND_SMTP": text, "ONEMIND_MAIL_FROM": "One Mind <a@example.org>"})
    assert found.smtp == server
    assert found.mail_from == "One Mind <a@example.org>"
    assert "w@rd" not in repr(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mail.example.org", "can't be read"),
        ("http://mail.example.org", "can't be read"),
        ("smtp://mail.example.org:x", "can't be read"),
        ("smtp://mail.example.org?tls=maybe", "can't be read"),
        ("smtps://mail.example.org/path", "can't be read"),
        ("smtp://ann:word@relay?tls=none", "would travel in the clear"),
    ],
)
def test_a_mail_server_that_is_no_address_is_refused(text: str, said: str):
    with pytest.raises(WrongUse, match=said) as raised:
        settings.load({"ONEMIND_SMTP": text, "ONEMIND_MAIL_FROM": "a@example.org"})
    assert "word" not in str(raised.value).replace("password", "")


def test_a_mail_server_needs_a_sender_that_is_an_address():
    with pytest.raises(WrongUse, match="but not ONEMIND_MAIL_FROM"):
        settings.load({"ONEMIND_SMTP": "smtp://mail.example.org"})
    for text in ("One Mind", "a@example.org\nBcc: b@example.org", "a@localhost"):
        with pytest.raises(WrongUse, match="ONEMIND_MAIL_FROM is"):
            settings.load({"ONEMIND_MAIL_FROM": text})


def test_hosts_of_webhooks_are_read_like_those_of_sources():
    found = settings.load({"ONEMIND_WEBHOOK_HOSTS": "hooks.slack.com, *.example.org"})
    assert found.webhook_hosts == ("hooks.slack.com", "*.example.org")
    with pytest.raises(WrongUse, match=r"ONEMIND_WEBHOOK_HOSTS has 'https://x\.org'"):
        settings.load({"ONEMIND_WEBHOOK_HOSTS": "https://x.org"})
