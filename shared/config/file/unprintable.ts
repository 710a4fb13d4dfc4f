/** Control characters other than tab and line ends, and halves of surrogate pairs: no text that people write. */
export const unprintable = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
