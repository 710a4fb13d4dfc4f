import { styleText } from 'node:util';

/** How a story is told: plain lines, with emphasis where the stream shows it. */
export class Voice {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  say(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  chapter(title: string): void {
    this.say(`\n${styleText('bold', title, { stream: this.#stream })}`);
  }

  /** What to notice, in one line. */
  notice(text: string): void {
    this.say(`${styleText('cyan', '→', { stream: this.#stream })} ${text}`);
  }

  /** What a program printed, or is called with. */
  quote(text: string): void {
    this.say(styleText('dim', text, { stream: this.#stream }));
  }
}
