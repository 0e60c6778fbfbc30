/**
 * JupyterLab without its announcements: nobody in a class has to answer whether to get news, and no page asks elsewhere for a
 * newer JupyterLab. `LabApp.news_url` alone does not keep JupyterLab 4.6 from asking.
 */
export const labPageConfig = {
  /** Below a directory of Jupyter's configuration. */
  place: 'labconfig/page_config.json',
  text: `${JSON.stringify({disabledExtensions: {'@jupyterlab/apputils-extension:announcements': true}})}\n`,
} as const
