/** A time as part of a file's name: `2026-11-26 13.05.17`, as the clock on the wall shows it. */
export function momentName(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(two).join('-')
  return `${day} ${[moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join('.')}`
}
