/** A name as registries have it, perhaps with a host before it, and a tag or a digest after it. */
const reference =
  /^(?:[a-z0-9][a-z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+|\/[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

/** A reference without its tag and its digest. */
export function repositoryIn(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

export function isImageReference(text: string): boolean {
  return reference.test(text)
}
