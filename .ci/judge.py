"""What parliament finds in IAM policies: a JSON list of documents comes in, a list of findings for each goes out."""

import json
import sys

from parliament import analyze_policy_string
from parliament.finding import Finding


def told(finding: Finding) -> dict[str, str]:
    """The finding without its place, as the caller knows which document it asked about."""
    detail = finding.detail if isinstance(finding.detail, str) else json.dumps(finding.detail)
    return {"issue": finding.issue, "detail": detail}


def main() -> None:
    documents: list[object] = json.load(sys.stdin)
    findings = [
        [told(finding) for finding in analyze_policy_string(json.dumps(document)).findings]
        for document in documents
    ]
    json.dump(findings, sys.stdout)


if __name__ == "__main__":
    main()
