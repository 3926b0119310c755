import type { Page } from "@playwright/test";

/** The schedule form: create, edit and duplicate. */
export class ScheduleForm {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/schedules/new");
  }

  async fillEvent(event: { name?: string; topic: string; entityType: string; action: string }): Promise<void> {
    if (event.name !== undefined) await this.page.getByLabel("Name").fill(event.name);
    await this.page.getByLabel("Topic").fill(event.topic);
    await this.page.getByLabel("Entity type").fill(event.entityType);
    await this.page.getByLabel("Action", { exact: false }).first().fill(event.action);
  }

  async repeat(cron: string): Promise<void> {
    await this.page.getByRole("radio", { name: "Recurring" }).click();
    await this.page.getByLabel("Cron expression").fill(cron);
  }

  /** Enters the time in UTC, the form's default zone. */
  async once(at: Date): Promise<void> {
    await this.page.getByRole("radio", { name: "One-time" }).click();
    await this.page.getByLabel("Date and time").fill(at.toISOString().slice(0, 19));
  }

  async create(): Promise<void> {
    await this.page.getByRole("button", { name: "Create schedule" }).click();
    await this.page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  }

  /** Opens the dialog that shows the changes. */
  async review(): Promise<void> {
    await this.page.getByRole("button", { name: "Review and save" }).click();
  }
}
