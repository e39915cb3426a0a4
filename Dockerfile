# Silkgate in a container: the wheel and its locked dependencies, no compiler in what runs, no root.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/requirements/ deploy/requirements/
RUN python -m venv /opt/silkgate \
    && /opt/silkgate/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r deploy/requirements/run.txt -r deploy/requirements/build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY native/ native/
COPY gateway/ gateway/
COPY classifiers/ classifiers/
COPY policies/ policies/
COPY audit_log/ audit_log/
RUN /opt/silkgate/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/silkgate silkgate
COPY --from=build /opt/silkgate /opt/silkgate
USER silkgate
WORKDIR /var/lib/silkgate
ENV PATH=/opt/silkgate/bin:$PATH PYTHONDONTWRITEBYTECODE=1
VOLUME /var/lib/silkgate
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8081/readyz', timeout=2)"]
ENTRYPOINT ["silkgate"]
CMD ["serve", "-c", "/var/lib/silkgate/gateway.toml"]
