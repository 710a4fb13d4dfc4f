import { Marked } from 'marked';

/** What GitHub shows of HTML in a text, of what Deploy Loop writes: without attributes only. */
const shownTags = /&lt;(\/?(?:details|summary|br|sub|sup|kbd)) *\/?&gt;/g;
const safeLink = /^(?:https?:|mailto:|#|\/(?!\/))/i;

const markdown = new Marked({
  gfm: true,
  async: false,
  renderer: {
    html: ({ text }) => showTags(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return safeLink.test(href)
        ? `<a href="${escapeHtml(href)}" rel="nofollow noreferrer">${text}</a>`
        : text;
    },
    // Nothing is loaded from elsewhere: an image is its address.
    image: ({ href, text }) => `<span class="image">[image ${escapeHtml(text)}: ${escapeHtml(href)}]</span>`,
  },
});

/** As GitHub renders it, but for its scripts, images and mentions: other HTML is shown as text. */
export function renderMarkdown(text: string): string {
  return markdown.parse(text.replaceAll('\0', ''), { async: false });
}

function showTags(html: string): string {
  return escapeHtml(html.replaceAll(/<!--[\s\S]*?-->/g, '')).replaceAll(shownTags, '<$1>');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
