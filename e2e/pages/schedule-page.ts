import { expect, type Locator, type Page } from "@playwright/test";

/** The page of a schedule. */
export class SchedulePage {
  constructor(private readonly page: Page) {}

  get id(): string {
    return new URL(this.page.url()).pathname.split("/")[2] ?? "";
  }

  status(): Locator {
    return this.page
      .getByRole("banner")
      .or(this.page.locator("main"))
      .getByText(/^(Active|Paused|Disabled|Completed)$/);
  }

  async openTab(name: "Overview" | "Executions" | "Upcoming" | "Payload"): Promise<void> {
    await this.page.getByRole("navigation", { name: "About this schedule" }).getByRole("link", { name }).click();
  }

  /** Rows of the executions table with this outcome and, if given, this trigger. */
  executions(filter: { outcome: string; trigger?: string }): Locator {
    const rows = this.page.getByRole("table").getByRole("row").filter({ hasText: filter.outcome });
    return filter.trigger ? rows.filter({ hasText: filter.trigger }) : rows;
  }

  async runNow(): Promise<void> {
    await this.page.getByRole("button", { name: "Run now", exact: true }).first().click();
    await this.confirm("Run now");
  }

  private pauseBanner(): Locator {
    return this.page.getByText(/^(Paused until someone resumes it|Resumes automatically)/);
  }

  async pause(note: string): Promise<void> {
    await this.page.getByRole("button", { name: "Pause", exact: true }).click();
    await this.dialog().getByLabel("Note").fill(note);
    await this.confirm("Pause");
    await expect(this.pauseBanner()).toBeVisible();
  }

  /** @param missed the label of a choice for the missed runs */
  async resume(missed: string): Promise<void> {
    await this.page.getByRole("button", { name: "Resume", exact: true }).click();
    await this.dialog().getByRole("radio", { name: missed }).click();
    await this.confirm("Resume");
    await expect(this.pauseBanner()).toBeHidden();
  }

  async edit(): Promise<void> {
    await this.page.getByRole("link", { name: "Edit", exact: true }).click();
    await this.page.waitForURL(/\/edit$/);
  }

  /** Deletes the schedule, and checks that the dialog requires its name. */
  async delete(name: string): Promise<void> {
    await this.page.getByRole("button", { name: "More actions" }).click();
    await this.page.getByRole("menuitem", { name: "Delete…" }).click();
    const confirm = this.dialog().getByRole("button", { name: "Delete schedule" });
    await expect(confirm).toBeDisabled();
    await this.dialog().getByRole("textbox").fill(name);
    await confirm.click();
    await this.page.waitForURL(/\/schedules$/);
  }

  private dialog(): Locator {
    return this.page.getByRole("alertdialog");
  }

  private async confirm(label: string): Promise<void> {
    await this.dialog().getByRole("button", { name: label }).click();
    await expect(this.dialog()).toBeHidden();
    // A list does not update its rows while the pointer is on it.
    await this.page.mouse.move(0, 0);
  }
}
