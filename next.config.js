import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  // For the Docker image: a folder with the server and only the packages that it uses.
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  // No page has an image to resize.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    "/*": ["node_modules/sharp/**", "node_modules/@img/**", "node_modules/@chdb/**", "node_modules/chdb/**"],
  },
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or stateful packages: bundling would break their binaries or load them twice.
  serverExternalPackages: [
    "ioredis",
    "kafkajs",
    "lz4-napi",
    "snappy",
    "@bokuweb/zstd-wasm",
    "@clickhouse/client",
    "@node-rs/argon2",
    "pino",
    "prom-client",
  ],
  turbopack: {
    rules: {
      // The guides are rendered here, once, and not for each request.
      "*.md": {
        loaders: [fileURLToPath(new URL("./scripts/guide/loader.cjs", import.meta.url))],
        as: "*.js",
      },
    },
  },
  // `npm run check` checks the types. Here, the check would take a quarter of the first start.
  typescript: { ignoreBuildErrors: true },
  // No later build of a CI run would use the cache.
  experimental: { turbopackFileSystemCacheForBuild: !process.env.CI },
};
