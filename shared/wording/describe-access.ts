import { assertNever } from '../domain/assert-never.ts';
import type { AccessFinding } from '../domain/scm/scm-access.ts';

/** What is worth a warning about a credential, and what mends it. */
export function describeFinding(finding: AccessFinding): string {
  switch (finding.kind) {
    case 'classic-token':
      return `a classic token reaches every repository of its user (scopes: ${finding.scopes.join(', ') || 'none'}): use a GitHub App, or a fine-grained token for this repository`;
    case 'over-scoped':
      return `the App may do what is never done: take ${finding.permissions.join(', ')} away`;
    case 'missing':
      return `the App lacks ${finding.permissions.join(', ')}`;
    case 'no-check-runs':
      return 'GitHub lets no token write check runs: use a GitHub App for them';
    default:
      return assertNever(finding);
  }
}
