# Front-end packages, copied as `make assets` does
FROM node:22-slim AS assets
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json Makefile ./
RUN make assets

FROM python:3.12-slim
# Pango draws the prints
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=assets /app/.build .build
# Values for this one step only; the real ones come from the environment
RUN SECRET_KEY=build DATABASE_URL=postgres://none/none REDIS_URL=redis://none python manage.py collectstatic --noinput
RUN useradd --system earlyhelp && mkdir --parents .data/media && chown -R earlyhelp .data
USER earlyhelp
ENV PYTHONUNBUFFERED=1 GUNICORN_CMD_ARGS="--bind 0.0.0.0:8000"
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3).close()"]
CMD ["gunicorn", "earlyhelp.wsgi", "--workers", "2", "--threads", "32", "--timeout", "120", "--no-control-socket"]
