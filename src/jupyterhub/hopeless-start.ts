/**
 * What a line of a starting server says that will not pass by itself, in a person's words; `undefined` for anything else. A
 * cluster tries to fetch an image for as long as the hub waits.
 */
export function hopelessStart(line: string): string | undefined {
  if (!/\b(?:ImagePullBackOff|InvalidImageName|ErrImageNeverPull)\b/.test(line)) return undefined
  return 'its image cannot be had. The hub tries on for some minutes; fetch the image, or name another in the spec'
}
