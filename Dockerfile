# Plexus as an image for workers of a study: docker build -t plexus .
FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /plexus
COPY . .
RUN npm ci && npm prune --omit=dev

FROM node:20-bookworm-slim
COPY --from=build /plexus /plexus
RUN ln -s /plexus/dist/cli/main.js /usr/local/bin/plexus
ENTRYPOINT []
CMD ["plexus", "--help"]
