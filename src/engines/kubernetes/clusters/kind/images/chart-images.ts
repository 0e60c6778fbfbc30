/** The images that a rendered chart's own pods run, each once. */
export function chartImages(rendered: string): readonly string[] {
  const found = [...rendered.matchAll(/^\s*(?:- )?image:\s*["']?([^\s"']+)["']?\s*$/gm)].map(([, image]) => image ?? '')
  return [...new Set(found)].filter((image) => image !== '')
}
