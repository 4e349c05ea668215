import type { Impact } from "../impact";
import { sourceInWords } from "../words";
import {
  countsList,
  escaped,
  findingsSection,
  minuteOf,
  pageOf,
  peopleControls,
  peopleTable,
  placesSection,
  SINCE_LINE,
  whatIfLines,
} from "./page-parts";

/**
 * The report as one page for a browser. All that comes from the account is text.
 *
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function page(impact: Impact, whatIf: readonly string[]): string {
  const { account, stack, settings, caller, readAt } = impact;
  return pageOf({
    title: `Impact on account ${account}, stack ${stack}, mode ${settings.mode}`,
    header: `<h1>Impact on account ${escaped(account)}</h1>
<p>stack <strong>${escaped(stack)}</strong>, mode <strong>${settings.mode}</strong></p>
${whatIfLines(whatIf)}
<p class="faint">Read as ${escaped(caller)} at ${minuteOf(readAt)}, ${escaped(sourceInWords(impact))}</p>`,
    sections: [countsList(impact), placesSection(impact), findingsSection(impact.findings), peopleSection(impact)],
  });
}

function peopleSection(impact: Impact): string {
  return `<section aria-labelledby="who">
<h2 id="who">Who</h2>
${peopleControls(impact)}
${peopleTable(impact, 'id="people" role="table" aria-labelledby="who"')}
${SINCE_LINE}
</section>`;
}
