/** The modes: rules of membership over the three guards. */
export const Mode = {
  /** Holds who has a password and no MFA device. */
  Quarantine: "quarantine",
  /** Holds everybody in sessions without MFA. */
  ConditionalDeny: "conditional-deny",
  /** Quarantine for who has a password and no MFA device; everybody else needs MFA in every session. */
  Strict: "strict",
  /** Frees everybody, before pulumi destroy. */
  Off: "off",
} as const;

export type Mode = (typeof Mode)[keyof typeof Mode];

/** The modes in the order in which they are told everywhere. */
export const MODES = ["quarantine", "conditional-deny", "strict", "off"] as const satisfies readonly Mode[];
