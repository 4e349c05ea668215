import * as v from "valibot";

/** What is known of the account's trails. */
export interface TrailCheck {
  /** Whether one records IAM's write events in the function's region, or none does, or it can't be told. */
  readonly state: "recording" | "missing" | "unknown";
  /** Which one records them; else each trail by name and why it does not do, and the first step. */
  readonly why: string;
}

/** Whether a trail records IAM's write events in the function's region, and where it does not, why. */
export type Verdict = { readonly records: "yes" } | { readonly records: "no" | "unknown"; readonly why: string };

/** A trail as DescribeTrails tells of it, as far as it is judged (CloudTrail API Reference, Trail). */
export const Trail = v.object({
  Name: v.string(),
  TrailARN: v.string(),
  HomeRegion: v.string(),
  IsMultiRegionTrail: v.boolean(),
  IncludeGlobalServiceEvents: v.boolean(),
  IsOrganizationTrail: v.boolean(),
});

export type Trail = v.InferOutput<typeof Trail>;

const Texts = v.optional(v.array(v.string()));

type Texts = v.InferOutput<typeof Texts>;

const FieldSelector = v.object({
  Field: v.string(),
  Equals: Texts,
  StartsWith: Texts,
  EndsWith: Texts,
  NotEquals: Texts,
  NotStartsWith: Texts,
  NotEndsWith: Texts,
});

type FieldSelector = v.InferOutput<typeof FieldSelector>;

const AdvancedEventSelector = v.object({ FieldSelectors: v.array(FieldSelector) });

const EventSelector = v.object({
  ReadWriteType: v.optional(v.picklist(["All", "ReadOnly", "WriteOnly"]), "All"),
  IncludeManagementEvents: v.optional(v.boolean(), true),
  ExcludeManagementEventSources: Texts,
});

type EventSelector = v.InferOutput<typeof EventSelector>;

/** A trail's selectors, either all of the newer kind or all of the older (CloudTrail API Reference, GetEventSelectors). */
export const EventSelectors = v.object({
  AdvancedEventSelectors: v.optional(v.array(AdvancedEventSelector), []),
  EventSelectors: v.optional(v.array(EventSelector), []),
});

export type EventSelectors = v.InferOutput<typeof EventSelectors>;

/** What an event must be to bring a change of IAM, and what is said of a trail that selects none of the kind. */
const SOUGHT = [
  { field: "eventCategory", value: "Management", without: "records no management events" },
  { field: "readOnly", value: "false", without: "records reads alone" },
  { field: "eventSource", value: "iam.amazonaws.com", without: "leaves IAM's events out" },
] as const;

/**
 * Why IAM's events never reach a trail, whatever it selects; undefined where they do. They are those of a global service,
 * and go to trails that include these and are for all regions, or have their home where the events arise (CloudTrail API
 * Reference, Trail, IncludeGlobalServiceEvents).
 *
 * @param region the one in which IAM's events arise
 */
export function whyOutOfReach(trail: Trail, region: string): string | undefined {
  if (!trail.IncludeGlobalServiceEvents) return "leaves out the events of global services, of which IAM is one";
  return trail.IsMultiRegionTrail || trail.HomeRegion === region ? undefined : `is for ${trail.HomeRegion} alone`;
}

/**
 * Judges a trail by what it selects. An event is recorded where one selector selects it, and it does where all its fields
 * do; a field that is not known here may leave out some of IAM's events.
 */
export function judgeSelectors({ AdvancedEventSelectors, EventSelectors }: EventSelectors): Verdict {
  let selecting = [
    ...AdvancedEventSelectors.map(({ FieldSelectors }) => FieldSelectors),
    ...EventSelectors.map(asFieldSelectors),
  ];
  // Each trail has some.
  if (selecting.length === 0) return { records: "unknown", why: "has no event selectors" };
  for (const { field, value, without } of SOUGHT) {
    selecting = selecting.filter((fields) => fields.every((each) => each.Field !== field || selects(each, value)));
    if (selecting.length === 0) return { records: "no", why: without };
  }
  const others = selecting.map((fields) =>
    fields.map(({ Field }) => Field).filter((name) => !SOUGHT.some(({ field }) => field === name)),
  );
  return others.some((names) => names.length === 0)
    ? { records: "yes" }
    : { records: "unknown", why: `selects by ${[...new Set(others.flat())].join(", ")}` };
}

/** What the trails come to, of which each was judged or could not be. */
export function conclude(
  judged: readonly { readonly name: string; readonly verdict: Verdict }[],
  region: string,
): TrailCheck {
  const recording = judged.find(({ verdict }) => verdict.records === "yes");
  if (recording !== undefined) return { state: "recording", why: `${recording.name} records them` };
  const reasons = judged.flatMap(({ name, verdict }) => ("why" in verdict ? [`${name} ${verdict.why}`] : []));
  if (judged.some(({ verdict }) => verdict.records === "unknown")) {
    return {
      state: "unknown",
      why: `whether a trail brings IAM's events to ${region} can't be told: ${reasons.join("; ")}`,
    };
  }
  const found = reasons.length === 0 ? "there is none" : reasons.join("; ");
  return {
    state: "missing",
    why: `no trail brings IAM's events to ${region}, so that only sweeps hold and free: ${found}. \`pulumi config set createTrail true && pulumi up\` makes one that does`,
  };
}

/** Event selectors of the older kind, as the newer kind says the same. */
function asFieldSelectors(selector: EventSelector): readonly FieldSelector[] {
  const { ReadWriteType, IncludeManagementEvents, ExcludeManagementEventSources } = selector;
  return [
    { Field: "eventCategory", Equals: [IncludeManagementEvents ? "Management" : "Data"] },
    ...(ReadWriteType === "All" ? [] : [{ Field: "readOnly", Equals: [String(ReadWriteType === "ReadOnly")] }]),
    { Field: "eventSource", NotEquals: ExcludeManagementEventSources },
  ];
}

/**
 * Whether a field selector lets a value through: by one of the operators that select, where there are any, and by none of
 * those that deselect (CloudTrail User Guide, "How CloudTrail evaluates multiple conditions for a field").
 */
function selects(selector: FieldSelector, value: string): boolean {
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = selector;
  const isNamed = (equal: Texts, start: Texts, end: Texts): boolean =>
    equal?.includes(value) === true ||
    start?.some((text) => value.startsWith(text)) === true ||
    end?.some((text) => value.endsWith(text)) === true;
  const selectsAll = Equals === undefined && StartsWith === undefined && EndsWith === undefined;
  return (selectsAll || isNamed(Equals, StartsWith, EndsWith)) && !isNamed(NotEquals, NotStartsWith, NotEndsWith);
}
