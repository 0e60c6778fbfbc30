/** Whether somebody or something had still to fill a whole value in: `${HOST}`, `{{ host }}`, `__HOST__`, `<your-host>`. */
export function isPlaceholder(value: string): boolean {
  return /^\s*(?:\$\{[\w.:-]+\}|\{\{.*\}\}|__[A-Z\d_]+__|<[a-z][\w .-]*>)\s*$/i.test(value)
}
