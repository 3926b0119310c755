#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { tsImport } from "tsx/esm/api";

/* `npm run cli` and `npx stufio-schedules` in a checkout: the command line of clients/cli, from its sources. */
const tsconfig = fileURLToPath(new URL("../tsconfig.json", import.meta.url));
await tsImport("../clients/cli/src/main.ts", { parentURL: import.meta.url, tsconfig });
