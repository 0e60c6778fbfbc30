/** The group on the hub of people who are made up for a rehearsal. It is never in a spec. */
export const rehearsalGroup = 'jhub-rehearsal'

/** The name of the made-up person with a number, from 1. */
export function rehearsalName(number: number): string {
  return `${rehearsalGroup}-${String(number)}`
}

/** Whether a normalised name is one that rehearsals give: nobody else may have it. */
export function isRehearsalName(name: string): boolean {
  return /^jhub-rehearsal-\d+$/.test(name)
}

/** Whether somebody on the hub was made up for a rehearsal: by the name, and by the group that no spec and no provider gives. */
export function isMadeUp({name, groups}: {readonly name: string; readonly groups: readonly string[]}): boolean {
  return isRehearsalName(name) && groups.includes(rehearsalGroup)
}
