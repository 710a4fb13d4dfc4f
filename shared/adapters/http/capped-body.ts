export interface CappedBody {
  readonly text: string;
  /** True: there was more than `maxBytes`. */
  readonly truncated: boolean;
}

/** Reads at most `maxBytes`. Leaving the loop early cancels the stream, and with it the connection. */
export async function readCapped(
  stream: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<CappedBody> {
  const decoder = new TextDecoder();
  let text = '';
  let room = maxBytes;
  for await (const chunk of stream ?? []) {
    const taken = chunk.subarray(0, room);
    text += decoder.decode(taken, { stream: true });
    room -= taken.length;
    if (taken.length < chunk.length) return { text, truncated: true };
  }
  return { text: text + decoder.decode(), truncated: false };
}
