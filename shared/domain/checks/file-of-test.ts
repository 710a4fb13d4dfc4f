/** What `playwright test --list` prints of one test: `[chromium] › a.spec.ts:3:5 › cart › adds`; the file, and the titles. */
export const playwrightLine = /^(?:\[[^\]]*\] › )?(\S.*?\.\w+):\d+:\d+ › (.+)$/;

/** The file of a test, from the forms of ids that runners use: `tests/test_a.py::TestX::test_y`, or the file itself. */
export function fileOfTest(id: string): string {
  const end = id.indexOf('::');
  return end < 0 ? id : id.slice(0, end);
}
