# The dashboard in a container: it runs as nobody in particular, on a root file system that may be
# read-only; what it keeps lies in the volume /data. docs/hosting.md and deploy/ start it.
FROM python:3.11-slim AS packages
WORKDIR /app
COPY requirements.txt requirements-hosted.tx[t] ./
RUN python -m venv /venv \
    && printf -- '-r %s\n' requirements*.txt > all.in \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r all.in \
    && /venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim
RUN useradd --no-create-home --home-dir /tmp --shell /usr/sbin/nologin --uid 10001 onemind \
    && install -d -o onemind -m 0700 /data \
    && pip uninstall --yes --root-user-action ignore pip setuptools
WORKDIR /app
COPY --from=packages /venv /venv
COPY dashboard.py pyproject.toml ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY onemind onemind
COPY pages pages
COPY data/boundaries data/boundaries
COPY data/sample data/sample
RUN /venv/bin/python -m compileall -q onemind pages dashboard.py

USER 10001
ENV PATH=/venv/bin:$PATH HOME=/tmp ONEMIND_STORE=/data \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=10s --timeout=6s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/healthz', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "dashboard.py", \
    "--server.address=0.0.0.0", "--server.headless=true"]
