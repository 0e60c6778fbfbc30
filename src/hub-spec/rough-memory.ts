/** `23.5G`: one decimal, for a person's eye. */
export function formatRoughMemory(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)}G` : `${String(Math.round(bytes / 1024 ** 2))}M`
}
