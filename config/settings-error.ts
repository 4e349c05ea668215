import { PlainError } from "./plain-error";

/** One thing that is wrong, and the command that puts it right, where there is one. */
export interface Problem {
  /** What was given, and where. */
  readonly given: string;
  /** What is wrong with it and what is allowed, a line each. */
  readonly problems: readonly string[];
  readonly fix?: string | undefined;
}

/** Everything that is wrong with the settings, in one message. */
export class SettingsError extends PlainError {
  /** @param where what the settings were given in: "the configuration of require-mfa, stack dev" */
  constructor(problems: readonly Problem[], where: string) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const paragraphs = problems.map(({ given, problems: lines, fix = [] }) => [given, ...lines].concat(fix));
    super(
      [`${count} in ${where}; nothing was deployed.`, ...paragraphs.map((lines) => `  ${lines.join("\n    ")}`)].join(
        "\n\n",
      ),
    );
  }
}
