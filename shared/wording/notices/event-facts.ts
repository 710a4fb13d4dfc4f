import type { NoticeEvent } from '../../domain/notices/notice-event.ts';

/** What is beside the headline and the reason, at most 7. */
export function eventFacts(event: NoticeEvent): readonly { readonly name: string; readonly value: string }[] {
  const { ref, revision, target, actor, undo, runId, at } = event;
  return [
    { name: 'Time', value: at.toISOString() },
    ...(ref ? [{ name: 'Service', value: `${ref.service} in ${ref.project}, ${ref.region}` }] : []),
    ...(revision === undefined ? [] : [{ name: 'Revision', value: revision }]),
    ...(target === undefined ? [] : [{ name: 'Traffic on', value: target }]),
    ...(actor === undefined ? [] : [{ name: 'By', value: actor }]),
    ...(runId === undefined ? [] : [{ name: 'Run', value: runId }]),
    ...(undo === undefined ? [] : [{ name: 'Undo', value: undo }]),
  ];
}

export function eventLinks({
  reportUrl,
  issueUrl,
}: NoticeEvent): readonly { readonly label: string; readonly address: string }[] {
  return [
    ...(reportUrl === undefined ? [] : [{ label: 'Report', address: reportUrl }]),
    ...(issueUrl === undefined ? [] : [{ label: 'Issue', address: issueUrl }]),
  ];
}
