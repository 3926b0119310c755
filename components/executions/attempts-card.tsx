import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { errorClassLabel } from "~/components/ui/reasons";
import { Duration, Instant } from "~/components/ui/time";
import type { ExecutionView } from "~/server/domain/views";
import { type AxisPart, attemptAxis } from "./attempt-axis";

/**
 * The attempts on a time axis with the waits between, and as a table. Renders nothing for an execution without a retry.
 */
export function AttemptsCard({ execution }: { execution: ExecutionView }) {
  const axis = attemptAxis(execution);
  if (axis === null) return null;
  const waits = new Map(axis.parts.filter(({ kind }) => kind === "wait").map((part) => [part.n, part]));
  const pending = axis.parts.find(({ isPending }) => isPending);
  return (
    <Card title="Attempts">
      <div aria-hidden className="relative h-7 rounded bg-sunken">
        {axis.parts.map((part) => (
          <Part key={`${part.kind}${part.n}`} part={part} />
        ))}
      </div>
      <div aria-hidden className="mt-1 flex justify-between text-subtle text-xs">
        <Instant value={axis.fromMs} format="time" precision="ms" />
        <Instant value={axis.toMs} format="time" precision="ms" />
      </div>
      <p className="mt-1 text-muted text-xs">
        Total: <Duration ms={axis.toMs - axis.fromMs} />
      </p>
      <table className="mt-3 w-full text-left text-sm">
        <caption className="sr-only">Attempts, oldest first</caption>
        <thead className="text-muted text-xs">
          <tr>
            <th className="py-1 pr-3 font-normal">Attempt</th>
            <th className="py-1 pr-3 font-normal max-sm:hidden">Waited</th>
            <th className="py-1 pr-3 font-normal">
              Started<span className="sm:hidden">, waited</span>
            </th>
            <th className="py-1 pr-3 font-normal">Took</th>
            <th className="py-1 font-normal">Result</th>
          </tr>
        </thead>
        <tbody>
          {execution.attempts.map((attempt) => (
            <tr key={attempt.n} className="border-t">
              <td className="py-1 pr-3">{attempt.n}</td>
              <td className="py-1 pr-3 max-sm:hidden">
                <Wait part={waits.get(attempt.n)} />
              </td>
              <td className="py-1 pr-3">
                <Instant value={attempt.at} format="time" precision="ms" />
                <NarrowWait part={waits.get(attempt.n)} />
              </td>
              <td className="py-1 pr-3">
                <Duration ms={attempt.durationMs} />
              </td>
              <td className={cn("py-1", attempt.error === null ? "text-success-ink" : "text-danger-ink")}>
                {attempt.error === null
                  ? "Published"
                  : `Failed${attempt.errorClass ? `: ${errorClassLabel(attempt.errorClass)}` : ""}`}
              </td>
            </tr>
          ))}
          {pending ? (
            <tr className="border-t text-muted">
              <td className="py-1 pr-3">{pending.n}</td>
              <td className="py-1 pr-3 max-sm:hidden">
                <Wait part={pending} />
              </td>
              <td className="py-1 pr-3">
                <Instant value={pending.toMs} format="time" precision="ms" />
                <NarrowWait part={pending} />
              </td>
              <td colSpan={2} className="py-1">
                Not started yet
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </Card>
  );
}

function Wait({ part }: { part: AxisPart | undefined }) {
  return <Duration ms={part ? part.toMs - part.fromMs : 0} />;
}

/** The wait below the start, where a narrow table has no column for it. */
function NarrowWait({ part }: { part: AxisPart | undefined }) {
  return (
    <span className="block text-muted text-xs sm:hidden">
      after <Wait part={part} />
    </span>
  );
}

function Part({ part }: { part: AxisPart }) {
  const place = { left: `${part.left}%`, width: `${part.width}%` };
  if (part.kind === "wait") {
    return (
      <span
        style={place}
        className={cn(
          "absolute top-1/2 border-t border-line-control",
          part.isPending ? "border-dotted" : "border-dashed",
        )}
      />
    );
  }
  // A failed attempt is a high bar and a published one a low, round bar, so that the colour is not the only difference.
  return (
    <span
      style={place}
      className={cn(
        "absolute",
        part.hasFailed ? "inset-y-0.5 rounded-xs bg-danger" : "inset-y-2 rounded-full bg-success",
      )}
    />
  );
}
