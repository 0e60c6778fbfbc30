/** Whose container or volume it is: only those with this label are ever touched. */
export const ownerLabel = 'io.github.jhub.hub'
/** What the container was made for; another value means that it has to be made anew. */
export const wantedLabel = 'io.github.jhub.wanted'
/** On a container that has every right, since its engine runs no systemd with less. */
export const everythingLabel = 'io.github.jhub.privileged'
/** The ports of this machine that the container takes, with commas between. */
export const portLabel = 'io.github.jhub.port'
