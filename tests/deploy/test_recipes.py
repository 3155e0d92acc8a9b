"""The recipes in deploy/ and the Dockerfile, read by the programs they are for or by schemas.

No container engine is needed: what one would do with compose.yaml and the Dockerfile is not tried.
"""

from __future__ import annotations

import configparser
import copy
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from onemind.replicas import HEALTH, proxy
from onemind.settings import MEANING, ROOT
from tests.support.replicated import COOKIE

DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))
BY_KIND = {each["kind"]: each for each in MANIFESTS}
HOSTED = {"ONEMIND_CATALOG", "ONEMIND_DATA"}
USER, PORT, VOLUME = "10001", 8501, "/data"
BUILD_TOOLS = {"gcc", "g++", "make", "build-essential", "git", "curl", "wget", "apt-get", "apt"}


# --- the Dockerfile -------------------------------------------------------------------------------


def stages(text: str) -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage, with their arguments on one line."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.M))
    found: list[list[tuple[str, str]]] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found


def faults(text: str) -> list[str]:
    """Return what is wrong with a Dockerfile, by a few simple rules."""
    last = stages(text)[-1]
    words = [word for word, _ in last]
    runs = " ".join(rest for word, rest in last if word == "RUN")
    checks = {
        "no USER": "USER" in words,
        "USER is root": not {"root", "0"} & {rest for word, rest in last if word == "USER"},
        "USER comes after CMD": "USER" in words and words.index("USER") < words.index("CMD"),
        "no HEALTHCHECK": "HEALTHCHECK" in words,
        "no VOLUME": "VOLUME" in words,
        "build tools": not BUILD_TOOLS & set(runs.split()) and "pip install" not in runs,
        "ADD": "ADD" not in words,
        "no tag": all(":" in rest for stage in stages(text) for word, rest in stage[:1]),
        "latest": ":latest" not in text,
        "a shell for CMD": all(rest[:1] == "[" for word, rest in last if word == "CMD"),
        "a secret": not re.search(r"(SECRET|PASSWORD|TOKEN)\w*=", text),
    }
    return [name for name, holds in checks.items() if not holds]


def test_the_dockerfile_keeps_the_rules() -> None:
    assert faults(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("fault", "old", "new"),
    [
        ("no USER", "USER 10001\n", ""),
        ("USER is root", "USER 10001", "USER root"),
        ("no HEALTHCHECK", "HEALTHCHECK", "LABEL"),
        ("build tools", "RUN useradd", "RUN apt-get install gcc && useradd"),
        ("build tools", "RUN useradd", "RUN pip install x && useradd"),
        ("no tag", "FROM python:3.11-slim\n", "FROM python\n"),
        ("a secret", "HOME=/tmp", "HOME=/tmp AWS_SECRET_ACCESS_KEY=x"),
        ("ADD", "COPY pages pages", "ADD pages pages"),
    ],
)
def test_a_rule_of_the_dockerfile_can_fail(fault: str, old: str, new: str) -> None:
    assert old in DOCKERFILE
    assert fault in faults(DOCKERFILE.replace(old, new))


def test_the_image_holds_what_the_program_needs_and_no_more() -> None:
    copied = [rest.split()[:-1] for word, rest in stages(DOCKERFILE)[-1] if word == "COPY"]
    named = {name for names in copied for name in names if not name.startswith(("-", "/"))}
    assert all((ROOT / name).exists() for name in named)
    assert named >= {"onemind", "pages", "dashboard.py", ".streamlit/config.toml"}
    assert not named & {"tests", "bench", "docs", "requirements-dev.txt", "."}
    assert HEALTH in DOCKERFILE


# --- nginx and HAProxy ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certs")
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    both = (folder / "privkey.pem").read_bytes() + (folder / "fullchain.pem").read_bytes()
    (folder / "onemind.pem").write_bytes(both)
    return folder


def test_nginx_takes_its_recipe(certificate: Path) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/nginx/certs", str(certificate)).replace("app1:", "127.0.0.1:")
    text = text.replace("app2:", "127.0.0.2:").replace("/run/nginx.pid", f"{certificate}/pid")
    (certificate / "nginx.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-t", "-e", "stderr", "-c", str(certificate / "nginx.conf")]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


def test_haproxy_takes_its_recipe(certificate: Path) -> None:
    if shutil.which("haproxy") is None:
        pytest.skip("HAProxy is not installed")
    text = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    text = text.replace("/etc/haproxy/onemind.pem", str(certificate / "onemind.pem"))
    text = text.replace(" app1:", " 127.0.0.1:").replace(" app2:", " 127.0.0.2:")
    (certificate / "haproxy.cfg").write_text(text, encoding="utf-8")
    command = ["haproxy", "-c", "-f", str(certificate / "haproxy.cfg")]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert tried.returncode == 0, tried.stderr
    assert "WARNING" not in tried.stderr


@pytest.mark.parametrize("file", ["nginx.conf", "haproxy.cfg", "kubernetes.yaml"])
def test_the_cookie_has_one_name_everywhere(file: str) -> None:
    assert COOKIE == proxy.COOKIE
    assert COOKIE in (DEPLOY / file).read_text(encoding="utf-8")


def test_uploads_fit_through_every_proxy() -> None:
    largest = int(re.findall(r"default (\d+)", MEANING["ONEMIND_MAX_UPLOAD_MB"])[0])
    for file in ("nginx.conf", "kubernetes.yaml"):
        text = (DEPLOY / file).read_text(encoding="utf-8")
        (size,) = re.findall(r"body[-_]size:? (\d+)m", text)
        assert int(size) >= largest + 10, file


# --- compose --------------------------------------------------------------------------------------


def settings_of(environment: dict[str, str]) -> set[str]:
    return {name for name in environment if name.startswith("ONEMIND_")}


@pytest.mark.parametrize("name", ["app1", "app2"])
def test_a_replica_in_compose_is_hardened_and_shares_the_store(name: str) -> None:
    app = COMPOSE["services"][name]
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in app["security_opt"]
    assert app["volumes"] == [f"store:{VOLUME}"]
    assert "ports" not in app  # only nginx is reached from outside
    assert settings_of(app["environment"]) <= set(MEANING)
    assert set(app["environment"]) > HOSTED


def test_only_the_proxy_is_believed_and_only_it_is_reached() -> None:
    services = COMPOSE["services"]
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert services["app1"]["environment"]["ONEMIND_PROXIES"] == address
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert all("inside" in each["networks"] for each in services.values())


def test_everything_that_compose_refers_to_is_there() -> None:
    services = COMPOSE["services"]
    for name, each in services.items():
        assert {"image", "build"} & set(each), name
        assert ":latest" not in each["image"]
        for other, how in each.get("depends_on", {}).items():
            assert other in services
            if how["condition"] == "service_healthy" and "app" not in other:
                assert services[other]["healthcheck"]["test"], other
        for volume in each.get("volumes", []):
            place = volume.partition(":")[0]
            assert place in COMPOSE["volumes"] or place == "./certs" or (DEPLOY / place).exists()
        assert set(each["networks"]) <= set(COMPOSE["networks"])
    (conf,) = [v for v in services["proxy"]["volumes"] if "nginx.conf" in v]
    assert conf.endswith(":ro")
    servers = re.findall(r"server (\w+):8501", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert set(servers) < set(services)


def test_no_secret_is_written_into_compose() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for name, value in re.findall(r"^ +(\w*(?:PASSWORD|SECRET)\w*): (.+)$", text, re.M):
        assert value.startswith("${"), name


# --- Kubernetes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: each["kind"])
@pytest.mark.parametrize("version", ["1.29", "1.34"])
def test_a_manifest_is_as_its_schema_says(manifest: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_a_manifest_with_a_wrong_field_is_seen() -> None:
    broken = copy.deepcopy(BY_KIND["Deployment"])
    broken["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.34", strict=True)


def test_the_deployment_is_hardened_and_probed() -> None:
    spec = BY_KIND["Deployment"]["spec"]
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    assert spec["replicas"] == 2
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert str(pod["securityContext"]["runAsUser"]) == USER
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": HEALTH, "port": "http"}
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    mounted = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    assert set(mounted) == {VOLUME, "/tmp"}
    assert set(mounted.values()) == {each["name"] for each in pod["volumes"]}


def test_the_manifests_fit_each_other() -> None:
    labels = BY_KIND["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert BY_KIND[kind]["spec"]["selector"]["matchLabels"] == labels
    assert BY_KIND["Service"]["spec"]["selector"] == labels
    (rule,) = BY_KIND["Ingress"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == BY_KIND["Service"]["metadata"]["name"]
    (port,) = BY_KIND["Service"]["spec"]["ports"]
    assert path["backend"]["service"]["port"]["name"] == port["name"]
    assert settings_of(BY_KIND["ConfigMap"]["data"]) <= set(MEANING)
    assert rule["host"] in BY_KIND["ConfigMap"]["data"]["ONEMIND_URL"]
    said = BY_KIND["Ingress"]["metadata"]["annotations"]
    assert said["nginx.ingress.kubernetes.io/affinity"] == "cookie"


# --- systemd --------------------------------------------------------------------------------------


def test_the_unit_starts_a_command_that_there_is_and_is_hardened() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "onemind.service")
    service = dict(unit["Service"])
    assert service["ExecStart"].endswith("-m onemind serve --workers 2")
    assert service["KillMode"] == "mixed"  # the supervisor is told, and stops its children
    assert service["CapabilityBoundingSet"] == ""
    assert {"NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"} <= set(service)
    assert set(re.findall(r"ONEMIND_[A-Z_]+", str(service))) <= set(MEANING)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze")
    text = (DEPLOY / "onemind.service").read_text(encoding="utf-8")
    place = tmp_path / "onemind.service"
    place.write_text(text.replace("/opt/onemind/.venv/bin/python", "/usr/bin/env python"))
    tried = subprocess.run(
        ["systemd-analyze", "verify", str(place)], capture_output=True, text=True, timeout=60
    )
    assert (tried.returncode, tried.stderr) == (0, "")
