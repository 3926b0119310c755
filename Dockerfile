# Web and worker are one image with two commands (docker-compose.yml).
FROM node:20-bookworm-slim AS build
WORKDIR /srv
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npx next build
# The embedded engine is for machines without a ClickHouse; here there is one.
RUN npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/chdb node_modules/@chdb .next/cache

FROM node:20-bookworm-slim
WORKDIR /srv
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000
COPY --from=build /srv/package.json /srv/tsconfig.json /srv/next.config.js ./
COPY --from=build /srv/node_modules ./node_modules
COPY --from=build /srv/.next ./.next
COPY --from=build /srv/server ./server
COPY --from=build /srv/worker ./worker
USER node
EXPOSE 3000
CMD ["sh", "-c", "exec node --min-semi-space-size=16 --max-semi-space-size=64 node_modules/next/dist/bin/next start -H \"$HOST\" -p \"$PORT\""]
