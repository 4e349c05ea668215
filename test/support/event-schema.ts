import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020";
import * as v from "valibot";
import { DETAIL_TYPES } from "../../core/told";
import type { BusEvent } from "../../fake-aws/event-bus";

const Schema = v.looseObject({
  properties: v.looseObject({ source: v.object({ const: v.string() }) }),
  oneOf: v.array(v.object({ $ref: v.string() })),
  $defs: v.record(v.string(), v.looseObject({ description: v.string(), properties: v.optional(v.looseObject({})) })),
});

/** docs/events.json. */
export const EVENT_SCHEMA = v.parse(Schema, JSON.parse(readFileSync("docs/events.json", "utf8")));

const WithDetail = v.looseObject({ detail: v.looseObject({}) });

/** Subscribers are to bear fields that come later; the handler is to put none that the schema does not name. */
function strictly({ $defs, ...schema }: typeof EVENT_SCHEMA) {
  const strict = DETAIL_TYPES.map((type) => {
    const properties = v.parse(WithDetail, $defs[type]?.properties);
    const detail = { ...properties.detail, unevaluatedProperties: false };
    return [type, { ...$defs[type], properties: { ...properties, detail } }] as const;
  });
  return { ...schema, $defs: { ...$defs, ...Object.fromEntries(strict) } };
}

const ajv = new Ajv2020({ strictTypes: false });
const validate = ajv.compile(strictly(EVENT_SCHEMA));

/** What is wrong with an event by docs/events.json; fields that it does not name are. */
export function eventProblems(event: BusEvent): readonly string[] {
  if (validate(event)) return [];
  return [`${ajv.errorsText(validate.errors)}: ${JSON.stringify(event)}`];
}
