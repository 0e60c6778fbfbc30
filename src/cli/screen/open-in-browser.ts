/** Opens an address with the desktop's own program; a machine without one is fine: the address was printed. */
export async function openInBrowser(url: string): Promise<void> {
  const {default: open} = await import('open')
  const child = await open(url)
  child.once('error', () => undefined)
}
