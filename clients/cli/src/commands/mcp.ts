import { type AddCommands, withExamples } from "../command.js";
import type { GlobalOptions } from "../context.js";
import { usageError } from "../exit.js";

/** Adds `mcp`. */
export const addMcp: AddCommands = (program, perform) => {
  const mcp = program
    .command("mcp")
    .description("Connect an assistant: pass its messages (MCP) between standard input and output and the installation")
    .option("--allow-writes", "let the assistant use the tools that change something, as far as the API key may")
    .action(({ allowWrites = false }: { allowWrites?: boolean }) =>
      perform(mcp, async ({ target, io }) => {
        if (mcp.optsWithGlobals<GlobalOptions>().apiKeyFile === "-") {
          throw usageError(
            "--api-key-file: standard input has the messages of the assistant, so it cannot have the key",
          );
        }
        const apiKey = await target.apiKey();
        // Loaded only here, because the other commands start faster without the SDK.
        const { runMcpBridge } = await import("../mcp-bridge.js");
        await runMcpBridge({ url: target.url, apiKey, allowsWrites: allowWrites, signal: io.signal });
      }),
    );
  withExamples(mcp, ["mcp", "mcp --allow-writes --profile staging"]);
};
