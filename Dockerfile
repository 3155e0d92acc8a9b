# The dashboard in a container: everything it keeps lies in the volume /data.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 onemind && install -d -o onemind /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY dashboard.py pyproject.toml ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY onemind onemind
COPY pages pages
COPY data/boundaries data/boundaries
COPY data/sample data/sample

USER onemind
ENV ONEMIND_STORE=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/healthz', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "dashboard.py", \
    "--server.address=0.0.0.0", "--server.headless=true"]
