"use client";

import { Download } from "lucide-react";
import { Button } from "~/components/ui/button";
import { CopyButton } from "~/components/ui/copy-button";

/** New recovery codes. They are shown only once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const text = `${codes.join("\n")}\n`;
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    Object.assign(link, { href: url, download: "stufio-recovery-codes.txt" }).click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">
        Keep these codes where you can find them without your app. Each recovery code replaces a code of the app once.
        The recovery codes are not shown again.
      </p>
      <ol
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-lg border bg-sunken p-3 text-center font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex gap-2">
        <CopyButton value={text} text="Copy" label="Copy recovery codes" />
        <Button size="sm" icon={<Download aria-hidden />} onClick={download}>
          Download
        </Button>
      </div>
    </div>
  );
}
