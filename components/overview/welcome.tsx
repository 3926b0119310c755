import { FirstSchedule } from "~/components/schedules/first-schedule";
import { Card } from "~/components/ui/card";

const STEPS = [
  {
    title: "Create",
    text: "Choose a topic, a payload, and a time or a cron expression with its time zone. The form previews the next ten runs.",
  },
  {
    title: "Watch",
    text: "Each execution is recorded with its lateness, attempts and errors.",
  },
  { title: "Act", text: "Pause, run now, or replay failed executions, here or through the API." },
];

/** The overview before the first schedule. */
export function Welcome() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card>
        <FirstSchedule />
      </Card>
      <Card title="How it works">
        <ol className="flex flex-col gap-4">
          {STEPS.map((step, index) => (
            <li key={step.title} className="flex gap-3 text-sm">
              <span
                aria-hidden
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-medium text-accent-ink text-xs"
              >
                {index + 1}
              </span>
              <div>
                <p className="font-medium">{step.title}</p>
                <p className="text-muted">{step.text}</p>
              </div>
            </li>
          ))}
        </ol>
      </Card>
    </div>
  );
}
