/** What follows `token:` or `password:` in a sentence, in place of a value. */
const words = new Set(
  [
    'a an the this that it its is isn was wasn are aren be been has hasn have haven does doesn did didn do don',
    'must should shall can cannot could may might will would not no none null nil undefined empty blank missing',
    'required optional expired invalid valid incorrect wrong bad unknown unexpected unrecognized malformed revoked',
    'rejected refused denied failed failure error unauthorized forbidden mismatch mismatched too short long at in on',
    'of for from to and or with without true false yes ok okay if when please string number integer boolean object',
    'array identifier keyword eof end field header value type length weak unset set disabled enabled default redacted',
    'hidden masked found accepted verified changed updated created deleted write use cookie parameter only already',
    'passed skipped timeout unreachable closed flaky regression http grpc include omit token needs unreadable unavailable unsupported reference',
  ].flatMap((line) => line.split(' ')),
);
/** The mark of an earlier redaction. */
const mark = /^\[[A-Z][A-Z0-9_ ]*\]$/;
/** A name in place of a value. */
const placeholder = /^(?:\*+|x{3,}|\$\{?\w+\}?|\$\(.*|\{\{.*|\$\{\{.*|<.*|%\w|\.{3}|[[\](){}]+)$/i;

/** True: what stands where a secret would stand is words or a placeholder. */
export function isProse(value: string): boolean {
  const text = value.trim();
  const word = /^[A-Za-z]+(?=$|[ \t'.,:;!?)\]}…])/.exec(text)?.[0].toLowerCase();
  return text === '' || mark.test(text) || placeholder.test(text) || (word !== undefined && words.has(word));
}
