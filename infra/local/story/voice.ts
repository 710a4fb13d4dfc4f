import { styleText } from 'node:util';
import { visible } from '../../../shared/domain/render/visible.ts';

/** How a story is told: plain lines, with emphasis where the stream shows it. */
export class Voice {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  say(text: string): void {
    this.#write(visible(text));
  }

  chapter(title: string): void {
    this.#write(`\n${styleText('bold', visible(title), { stream: this.#stream })}`);
  }

  /** What to notice, in one line. */
  notice(text: string): void {
    this.#write(`${styleText('cyan', '→', { stream: this.#stream })} ${visible(text)}`);
  }

  /** What a program printed, or is called with. */
  quote(text: string): void {
    this.#write(styleText('dim', visible(text), { stream: this.#stream }));
  }

  #write(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}
