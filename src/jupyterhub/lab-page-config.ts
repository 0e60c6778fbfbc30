const announcements = '@jupyterlab/apputils-extension:announcements'

/**
 * JupyterLab without its announcements: nobody in a class has to answer whether to get news, and no page asks elsewhere for a
 * newer JupyterLab. `LabApp.news_url` alone does not keep JupyterLab 4.6 from asking.
 */
export const labPageConfig = {
  /** Below a directory of Jupyter's configuration. */
  place: 'labconfig/page_config.json',
  text: `${JSON.stringify({disabledExtensions: {[announcements]: true}})}\n`,
} as const

/** Whether a page's configuration leaves the announcements out. JupyterLab adds to the file where it may write it. */
export function leavesNewsOut(text: string | undefined): boolean {
  try {
    const {disabledExtensions} = JSON.parse(text ?? '') as {disabledExtensions?: Readonly<Record<string, unknown>>}
    return disabledExtensions?.[announcements] === true
  } catch {
    return false
  }
}
