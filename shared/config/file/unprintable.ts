/** Control characters except tab and line ends, and halves of surrogate pairs: these do not occur in text. */
export const unprintable = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
