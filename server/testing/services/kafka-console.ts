import { spawn } from "node:child_process";
import { once } from "node:events";
import { ensureJars } from "./kafka";

/** Input for Kafka's console producer (Java). */
export interface ConsoleProduceInput {
  brokers: string;
  topic: string;
  compression: "none" | "gzip" | "snappy" | "lz4" | "zstd";
  records: { headers?: Record<string, string>; value: string }[];
}

/** Writes records with the Java producer, in one batch if they fit. Throws the tool's output if it fails. */
export async function consoleProduce(input: ConsoleProduceInput): Promise<void> {
  const jars = await ensureJars();
  const reader = ["parse.headers=true", "headers.delimiter=|", "headers.separator=;", "headers.key.separator=="];
  const child = spawn("java", [
    ...["-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", `${jars}/*`],
    ...["org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", input.brokers, "--topic", input.topic],
    ...["--compression-codec", input.compression, "--timeout", "200"],
    ...reader.flatMap((property) => ["--reader-property", property]),
  ]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  // The tool requires at least one header.
  const line = ({ headers = { from: "java" }, value }: ConsoleProduceInput["records"][number]) =>
    `${Object.entries(headers)
      .map(([name, text]) => `${name}=${text}`)
      .join(";")}|${value}\n`;
  child.stdin.end(input.records.map(line).join(""));
  const [code] = await once(child, "exit");
  if (code !== 0 || /ERROR|Exception/.test(output)) throw new Error(`The console producer failed (${code}): ${output}`);
}
