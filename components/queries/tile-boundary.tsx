"use client";

import { Component, type ReactNode } from "react";
import { ErrorState } from "~/components/ui/error-state";

/** Keeps a render error of one tile from breaking the page, and offers to render the tile again. */
export class TileBoundary extends Component<{ title: string; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <ErrorState
        title={`${this.props.title} could not be rendered`}
        message="The rest of the page still works."
        onRetry={() => this.setState({ broken: false })}
      />
    );
  }
}
