import type { Abilities } from "./iam-elsewhere";
import type { Call, CallsStep, FirstSweepStep, Population, Scenario } from "./scenario";

type Step = Scenario[number];

/** What can be played of a step, and what had to be left out of it; or why none of it can. */
export type Playable = { readonly step: Step; readonly leftOut: readonly string[] } | { readonly passedOver: string };

/** What can be played of a step where another IAM stands in the place of the one in memory. */
export function playable(step: Step, abilities: Abilities): Playable {
  switch (step.kind) {
    case "calls":
      return playableCalls(step, abilities);
    case "first sweep":
      return playableSweep(step, abilities);
    case "hollowed guard":
      return { step, leftOut: [] };
    case "permissions":
      return {
        passedOver: "it asks what alice's policies allow, and here every call is signed alike and nothing refused",
      };
    case "deadline":
      return { passedOver: "it needs an account of its own whose clock can be moved" };
    case "outage":
      return { passedOver: "it takes the handler's role its policies, and here nothing is refused for want of them" };
  }
}

function playableCalls(step: CallsStep, { managedPolicies }: Abilities): Playable {
  const because = ({ action, parameters }: Call): string | undefined => {
    if (action === "ChangePassword") return "only alice herself can, and here every call is signed alike";
    const isOfAws = parameters["PolicyArn"]?.startsWith("arn:aws:iam::aws:") ?? false;
    return isOfAws && !managedPolicies ? "AWS's managed policies are not there" : undefined;
  };
  const leftOut = step.calls.flatMap((call) => {
    const why = because(call);
    return why === undefined ? [] : [`${call.action}: ${why}`];
  });
  return { step: { ...step, calls: step.calls.filter((call) => because(call) === undefined) }, leftOut };
}

function playableSweep(step: FirstSweepStep, { quotas }: Abilities): Playable {
  const because = ({ has, groups = 0, policies = 0 }: Population): string | undefined => {
    if (has.includes("a passkey")) return "no call enrols a passkey, but only a browser";
    return groups > 0 && policies > 0 && !quotas ? "no quota is ever full" : undefined;
  };
  const populations = step.populations.filter((each) => because(each) === undefined);
  const names = populations.flatMap((each) => each.names);
  const leftOut = step.populations.flatMap((each) => {
    const why = because(each);
    return why === undefined ? [] : [`${each.who}: ${why}`];
  });
  const unholdable = step.unholdable.filter((name) => names.includes(name));
  return { step: { ...step, populations, unholdable }, leftOut };
}
