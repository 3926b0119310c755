"use client";

import { Stethoscope } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { IfMay } from "~/components/access/may";
import { Button } from "~/components/ui/button";

// Loaded on first use, to keep it out of the page's bundle.
const DiagnosisDialog = dynamic(() => import("./diagnosis-dialog").then((module) => module.DiagnosisDialog));

/** Opens the diagnosis: checks of configuration and capacity, which the page itself does not show. */
export function DiagnosisButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <IfMay right="system:operate">
      <Button icon={<Stethoscope aria-hidden />} onClick={() => setOpen(true)}>
        Diagnosis
      </Button>
      {isOpen ? <DiagnosisDialog onClose={() => setOpen(false)} /> : null}
    </IfMay>
  );
}
