# Silkgate in a container: the wheel and its locked dependencies, no compiler in what runs, no root.
# Runs with a read-only root file system; what it keeps lies in the volume, scratch files in /tmp.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
# The release of the base image fixes their versions.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/requirements/ deploy/requirements/
RUN python -m venv /opt/silkgate \
    && /opt/silkgate/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r deploy/requirements/container.txt -r deploy/requirements/build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY native/ native/
COPY gateway/ gateway/
COPY classifiers/ classifiers/
COPY policies/ policies/
COPY audit_log/ audit_log/
RUN /opt/silkgate/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/silkgate/bin/silkgate --help > /dev/null

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/silkgate silkgate \
    && install -d -o silkgate -g silkgate -m 0750 /var/lib/silkgate-bundle /var/lib/silkgate-witness
COPY --from=build /opt/silkgate /opt/silkgate
# By number, so that an orchestrator can tell that it is not root.
USER 10001
WORKDIR /var/lib/silkgate
ENV PATH=/opt/silkgate/bin:$PATH PYTHONDONTWRITEBYTECODE=1
VOLUME /var/lib/silkgate
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8081/readyz', timeout=2)"]
ENTRYPOINT ["silkgate"]
CMD ["serve", "-c", "/var/lib/silkgate/gateway.toml"]
