/** Segments of a path that no browser and no web server rewrites; `.` and `..` are none. */
export const baseUrlPattern = /^\/?(?:(?!\.{1,2}(?:\/|$))[\w.~-]+\/)*(?!\.{1,2}\/?$)[\w.~-]+\/?$/

/** `/jupyter/` for `jupyter`; `undefined` for the root, where a hub is that has no path of its own. */
export function toBaseUrl(text: string | undefined): string | undefined {
  const path = text?.replaceAll(/^\/+|\/+$/g, '')
  return path === undefined || path === '' ? undefined : `/${path}/`
}

/** Whether a path can be a hub's. */
export function isBaseUrl(text: string): boolean {
  return text === '/' || baseUrlPattern.test(text)
}

/** What stands between the address of a hub and its own paths: `/jupyter`, or nothing. */
export function basePath({baseUrl}: {readonly baseUrl?: string}): string {
  return baseUrl?.replace(/\/$/, '') ?? ''
}
