import { anyResource, operation } from "./operation";

/**
 * The credential report. Generating it counts as a read (Service Authorization Reference, IAM: its access level), so
 * it makes no record here. A lag of GenerateCredentialReport makes a report of the state as it was; GetCredentialReport
 * gives out what is stored, lag or no lag.
 */
export const REPORT_OPERATIONS = {
  GenerateCredentialReport: operation({
    access: "read",
    parameters: {},
    resource: anyResource,
    effect: ({ state, at, reports }) => {
      const State = reports.generate(state, at);
      // The words of the API Reference's sample, which is the only one; a complete report comes without any.
      const Description = "No report exists. Starting a new report generation task";
      return { State, ...(State === "STARTED" && { Description }) };
    },
  }),

  GetCredentialReport: operation({
    access: "read",
    parameters: {},
    resource: anyResource,
    effect: ({ at, reports }) => {
      const { csv, generatedAt } = reports.get(at);
      return { Content: new TextEncoder().encode(csv), ReportFormat: "text/csv", GeneratedTime: generatedAt };
    },
  }),
};
