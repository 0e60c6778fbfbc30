export type ByteOrder = 'utf-16le' | 'utf-16be'

/** The order of the bytes of a text in UTF-16, by the mark at its beginning. `undefined` without one. */
export function byteOrderMark([first, second]: Uint8Array): ByteOrder | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return undefined
}

/** The text, without its mark. */
export function decodeUtf16(bytes: Uint8Array, order: ByteOrder): string {
  return new TextDecoder(order).decode(bytes)
}
