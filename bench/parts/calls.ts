import { z } from "zod";

/** A query of the pages: a procedure and its input. */
export interface Call {
  procedure: string;
  input: unknown;
}

const TRPC = "/api/trpc/";
const Inputs = z.record(z.string(), z.unknown());
const QueryHash = z.tuple([z.array(z.string()), z.object({ input: z.unknown().optional() }).optional()]);

/** The calls of a batch request. Empty for other requests. */
export function callsInUrl(url: string): Call[] {
  const { pathname, searchParams } = new URL(url);
  if (!pathname.startsWith(TRPC) || !searchParams.has("batch")) return [];
  const inputs = Inputs.parse(JSON.parse(searchParams.get("input") ?? "{}"));
  return pathname
    .slice(TRPC.length)
    .split(",")
    .map((procedure, i) => ({ procedure, input: inputs[i] }));
}

/** The calls whose answers are in a page's HTML. */
export function callsInHtml(html: string): Call[] {
  const pushed = [...html.matchAll(/self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)/g)];
  const flight = pushed.map(([, text]) => z.string().parse(JSON.parse(text ?? '""'))).join("");
  return [...flight.matchAll(/"queryHash":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => {
    const [path, options] = QueryHash.parse(JSON.parse(z.string().parse(JSON.parse(text ?? '""'))));
    return { procedure: path.join("."), input: options?.input };
  });
}

export function distinctCalls(calls: readonly Call[]): Call[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

/** Makes all calls in turn, `rounds` times. Returns the time of every call, ms. Throws if a call fails. */
export async function timeCalls(
  url: string,
  { calls, rounds, headers }: { calls: readonly Call[]; rounds: number; headers: Record<string, string> },
): Promise<{ call: Call; times: number[] }[]> {
  const measured = calls.map((call) => ({ call, times: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { call, times } of measured) {
      const input = call.input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(call.input))}`;
      const started = performance.now();
      const answer = await fetch(`${url}${TRPC}${call.procedure}${input}`, { headers });
      const text = await answer.text();
      times.push(performance.now() - started);
      if (answer.status !== 200) throw new Error(`${JSON.stringify(call)}: ${answer.status} ${text.slice(0, 300)}`);
    }
  }
  return measured;
}
