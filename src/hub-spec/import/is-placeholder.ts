/** Whether somebody or something had still to fill a whole value in: `${HOST}`, `{{ host }}`, `__HOST__`, `<your-host>`. */
export function isPlaceholder(value: string): boolean {
  return /^\s*(?:\$\{[\w.:-]+\}|\{\{.*\}\}|__[A-Z\d_]+__|<[a-z][\w .-]*>)\s*$/i.test(value)
}

/** The same for a part of the name of a host, in which none of these letters can be: `jhub.<domain>`, `hub.${ZONE}`. */
export function holdsPlaceholderOfHost(host: string): boolean {
  return /[<>{}$]|__[A-Z\d_]+__/i.test(host)
}
