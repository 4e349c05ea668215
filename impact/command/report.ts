import type { StackConfiguration } from "../../config/stack-configuration";
import type { Settings } from "../../core/settings";
import type { Print } from "./options";

/** A report, as it is told. */
export interface Report {
  /** Makes the page for a browser. */
  readonly page: () => string;
  readonly text: string;
  /** Whether somebody would be newly held; undefined where that can't be told. */
  readonly isSomebodyNew: boolean | undefined;
}

/** What a report is made of. */
export interface Asked {
  readonly configuration: StackConfiguration;
  readonly settings: Settings;
  /** What of the settings is asked otherwise than the stack's configuration says, in words. */
  readonly whatIf: readonly string[];
  readonly print: Print;
  readonly all: boolean;
  readonly logs: readonly string[];
}
