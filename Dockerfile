# Web and worker use one image with two commands (docker-compose.yml). scripts/image/assemble.mjs collects its files.
# To pin the digest too: docker buildx imagetools inspect node:24.21.0-bookworm-slim
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /srv
ENV NEXT_TELEMETRY_DISABLED=1 NEXT_OUTPUT=standalone
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npx next build && node scripts/image/assemble.mjs /image

FROM node:24.21.0-bookworm-slim
WORKDIR /srv
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000
COPY --from=build /image ./
USER node
EXPOSE 3000
# The server listens on HOSTNAME. By default that is the container's name, which excludes loopback.
CMD ["sh", "-c", "HOSTNAME=\"$HOST\" exec node --min-semi-space-size=16 --max-semi-space-size=64 server.js"]
