/** Whether a line has nothing but spaces and what has no width, such as the marks that web pages and chats put beside a name. */
export function isBlank(line: string): boolean {
  return /^[\s\u00AD\u200B-\u200F\u2060\uFEFF]*$/u.test(line)
}
