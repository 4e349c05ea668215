/** What other Pulumi programs get by `pulumi package add`: the component, and the words of its one enumeration. */
export { Mode } from "./core/modes";
export { RequireMfa } from "./resources/require-mfa";
