/** The group of a hub's admins who may use sudo. No account of a person has an underscore in it, so that none is called so. */
export function adminGroup(hubName: string): string {
  return `${hubName}_admins`
}
