/** `1 person`, `30 people`. */
export function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${String(count)} people`
}
