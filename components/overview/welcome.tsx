import { FirstSchedule } from "~/components/schedules/first-schedule";
import { Card } from "~/components/ui/card";

const STEPS = [
  {
    title: "Create",
    text: "A topic, a payload, and a time or a cron with its zone. The next ten runs show before you save.",
  },
  {
    title: "Watch",
    text: "Each firing is written down with its lateness, its attempts and its error.",
  },
  { title: "Act", text: "Pause with a reason, run now, replay what failed, here or through the API." },
];

/** The overview before the first schedule. */
export function Welcome() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card>
        <FirstSchedule />
      </Card>
      <Card title="How it goes">
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
