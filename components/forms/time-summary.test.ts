import { useQueryClient } from "@tanstack/react-query";
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { TRPCProvider } from "~/components/trpc/client";
import { newFormValues } from "./schedule-form-values";
import { TimeSummary } from "./time-summary";

const before = newFormValues({ timezone: "UTC", maxRetries: 3, retryDelaySeconds: 60 });

/** Makes the queries of its children fail if `fails`. */
function Queries({ fails, children }: { fails: boolean; children?: ReactNode }) {
  const client = useQueryClient();
  if (fails) {
    client.setDefaultOptions({ queries: { retryOnMount: false } });
    client.getQueryCache().subscribe(({ type, query }) => {
      if (type === "added") query.setState({ status: "error", error: new Error("lost") });
    });
  }
  return children;
}

const render = ({ fails }: { fails: boolean }) =>
  renderToStaticMarkup(
    createElement(
      TRPCProvider,
      null,
      createElement(
        Queries,
        { fails },
        createElement(TimeSummary, { before, after: { ...before, cronExpression: "0 10 * * *" } }),
      ),
    ),
  );

it("says that it compares the run times while they load", () => {
  const html = render({ fails: false });
  expect(html).toContain("Comparing run times");
  expect(html).not.toContain("Try again");
});

it("says that the run times could not be compared, and offers to try again", () => {
  const html = render({ fails: true });
  expect(html).toContain("The run times could not be compared");
  expect(html).toContain("Try again");
  expect(html).not.toContain("Comparing run times");
});
